package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewTranspose(t *testing.T) {
	for _, tc := range []struct {
		name                     string
		outer, rows, cols, inner int
	}{
		{"one element", 1, 1, 1, 1},
		{"no elements", 0, 3, 4, 5},
		{"no columns", 2, 3, 0, 5},
		{"a row", 3, 1, 40, 2},
		{"a column", 3, 40, 1, 2},
		{"a matrix, a column more than side by side", 1, 5, transposedColumns + 1, 1},
		{"matrices of vectors", 4, 7, 35, 3},
		{"more than a part", 2, 70, 300, 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := noise(tc.outer*tc.rows*tc.cols*tc.inner, 1)
			want := make([]float32, len(src))
			for i, x := range src {
				k, j, r, o := i%tc.inner, i/tc.inner%tc.cols, i/tc.inner/tc.cols%tc.rows, i/(tc.inner*tc.cols*tc.rows)
				want[((o*tc.cols+j)*tc.rows+r)*tc.inner+k] = x
			}
			p, err := NewTranspose(tc.outer, tc.rows, tc.cols, tc.inner)
			requireSameBits(t, want, check(t, must(t, p, err), [][]float32{src}, len(src))[0], "dst")
		})
	}
	_, err := NewTranspose(2, -1, 3, 4)
	require.ErrorIs(t, err, ErrDescriptor)
	_, err = NewTranspose(math.MaxInt/2, 2, 2, 2)
	assert.ErrorContains(t, err, "ops: transpose: ")
}
