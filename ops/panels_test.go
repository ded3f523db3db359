package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Products of parts of panels, from either order of a matrix, against sums in float64.
func TestPanels(t *testing.T) {
	for _, tc := range []struct {
		name        string
		rows, k, n  int
		cols        span
		bias, accum bool
		transposed  bool
	}{
		{"one of everything", 1, 1, 1, span{0, 1}, false, false, false},
		{"no steps", 3, 0, 20, span{0, 20}, true, true, false},
		{"whole blocks", 15, 40, 64, span{0, 64}, true, false, false},
		{"whole blocks in the middle", 9, 33, 80, span{16, 64}, false, true, true},
		{"the last block alone, in part", 7, 20, 37, span{32, 37}, true, true, true},
		{"more than a piece", 3, pieceOfPanel + 1, 50, span{0, 50}, true, false, false},
		{"two pieces and more, transposed", 30, 2*pieceOfPanel + 17, 18, span{0, 18}, true, true, true},
		{"more blocks than are packed at a time", 3, 7, blocksPacked*Block + 5, span{0, blocksPacked*Block + 5}, true, false, false},
		{"as many, transposed", 3, 7, blocksPacked*Block + 5, span{0, blocksPacked*Block + 5}, true, false, true},
		{"one step, transposed", 4, 1, 20, span{0, 20}, false, false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onEveryISA(t, func(t *testing.T) {
				a, b, bias := noise(tc.rows*tc.k, 1), noise(tc.k*tc.n, 2), noise(tc.n, 3)
				from := factor{b, tc.n, 1}
				if tc.transposed {
					from = factor{b, 1, tc.k}
				}
				p := newPanels(currentKernels(), tc.k, tc.n, tc.rows, ceilDiv(tc.cols.size(), Block))
				packed, c := make([]float32, p.length()), noise(tc.rows*tc.n, 4)
				fill(packed, guard)
				for part := range p.packings() {
					p.pack(packed, from, part)
				}
				want := widen(c)
				for i := range tc.rows {
					for j := tc.cols.lo; j < tc.cols.hi; j++ {
						sum := 0.0
						if tc.bias {
							sum = float64(bias[j])
						}
						if tc.accum {
							sum += want[i*tc.n+j]
						}
						for k := range tc.k {
							sum += float64(a[i*tc.k+k]) * float64(b[k*from.kStride+j*from.stride])
						}
						want[i*tc.n+j] = sum
					}
				}
				product := panelProduct{
					rows: tc.rows, a: a, aRow: tc.k, packed: packed, cols: tc.cols, c: c, cRow: tc.n,
					accumulate: tc.accum, work: make([]float32, panelWork(tc.rows)),
				}
				if tc.bias {
					product.bias = bias
				}
				p.multiply(product)
				assertNear(t, want, c, 2e-6, "c")
			})
		})
	}
}

func TestRowPitch(t *testing.T) {
	for n, want := range map[int]int{0: Block, 1: Block, 16: 16, 17: 32, 512: 512, 1023: 1040, 1024: 1040, 2048: 2064} {
		assert.Equal(t, want, rowPitch(n), fmt.Sprint(n))
	}
}
