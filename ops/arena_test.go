package ops

import (
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestArena(t *testing.T) {
	for _, tc := range []struct {
		name  string
		n     int
		large bool
	}{
		{"nothing", 0, false},
		{"one", 1, false},
		{"of the heap", hugePage/4 - 1, false},
		{"one huge page", hugePage / 4, true},
		{"a little more", hugePage/4 + 1, true},
		{"several", 5 * hugePage / 4, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, err := NewArena(tc.n)
			require.NoError(t, err)
			x := a.Floats()
			require.Len(t, x, tc.n)
			assert.Equal(t, tc.n, cap(x), "an append must not reach what lies behind")
			sum := float32(0)
			for i := range x {
				sum += x[i]
				x[i] = 1
			}
			assert.Zero(t, sum)
			if tc.n > 0 {
				assert.Zero(t, misaligned(x))
			}
			if tc.large && canMap {
				assert.Zero(t, uintptr(unsafe.Pointer(unsafe.SliceData(x)))%hugePage)
				huge, err := a.HugeBytes()
				require.NoError(t, err)
				assert.Zero(t, huge%hugePage)
				assert.LessOrEqual(t, huge, len(a.mapped))
				if huge > 0 {
					assert.True(t, a.Huge())
				}
			}
			require.NoError(t, a.Close())
			assert.Empty(t, a.Floats())
			require.NoError(t, a.Close(), "twice")
		})
	}
}

func TestArenaTooLarge(t *testing.T) {
	for _, n := range []int{-1, math.MaxInt, math.MaxInt/8 + 1} {
		_, err := NewArena(n)
		assert.ErrorContains(t, err, "that is no size", "%d", n)
	}
	if canMap {
		_, err := NewArena(1 << 55)
		assert.ErrorContains(t, err, "MB was asked for: ")
	}
}
