package ops

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// misaligned is how many bytes x starts after a 64-byte boundary.
func misaligned(x []float32) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) % Align }

func TestAlloc(t *testing.T) {
	for n := range 200 {
		x := Alloc(n)
		require.Len(t, x, n)
		require.Equal(t, n, cap(x), "an append must not reach what lies behind")
		if n > 0 {
			require.Zero(t, misaligned(x), "%d elements", n)
		}
		for _, v := range x {
			require.Zero(t, v)
		}
	}
}

// TestAllocInHugePages: large slices begin with a huge page, whatever their length.
func TestAllocInHugePages(t *testing.T) {
	for _, n := range []int{hugeAlloc/4 - 1, hugeAlloc / 4, hugeAlloc/4 + 1} {
		x := Alloc(n)
		require.Len(t, x, n)
		require.Equal(t, n, cap(x))
		x[0], x[n-1] = 1, 1
		if n*4 >= hugeAlloc {
			assert.Zero(t, uintptr(unsafe.Pointer(unsafe.SliceData(x)))%hugePage, "%d elements", n)
		}
	}
}

func TestRoundUp(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 16, 15: 16, 16: 16, 17: 32, 1000: 1008} {
		assert.Equal(t, want, RoundUp(n), "%d", n)
	}
}

func TestScratchAreasAreApart(t *testing.T) {
	const workers = 3
	info := Info{Scratch: 17, ScratchPerWorker: 5}
	x := &Exec{Scratch: Alloc(info.Need(workers))}
	fill(x.Shared(&info), 100)
	for w := range workers {
		fill(x.Worker(&info, w), float32(w))
	}
	assert.Len(t, x.Shared(&info), 17)
	for _, v := range x.Shared(&info) {
		require.EqualValues(t, 100, v)
	}
	for w := range workers {
		area := x.Worker(&info, w)
		assert.Zero(t, misaligned(area))
		assert.Equal(t, []float32{float32(w), float32(w), float32(w), float32(w), float32(w)}, area)
	}
	assert.Zero(t, (Info{}).Need(workers), "a primitive that wants none")
}

func TestNewTensor(t *testing.T) {
	x := NewTensor(2, 3, 5)
	assert.Equal(t, []int{2, 3, 5}, x.Shape)
	assert.Equal(t, NCX, x.Layout)
	assert.Len(t, x.Data, 30)
	assert.Zero(t, misaligned(x.Data))
}

func TestWrap(t *testing.T) {
	data := []float32{1, 2, 3, 4, 5, 6}
	x, err := Wrap(data, 2, 3)
	require.NoError(t, err)
	assert.Same(t, &data[0], &x.Data[0], "the data are the caller's")
	_, err = Wrap(data, 2, 4)
	assert.EqualError(t, err, "ops: 6 values cannot fill a tensor of shape [2 4], which has 8")
}
