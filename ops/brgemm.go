package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// brgemm is one batch-reduce GEMM (Georganas et al., IPDPS 2020): the sum, over a
// list of taps, of products of small matrices,
//
//	c[i·cStride + j] (+)= Σ_p Σ_t Σ_k a[(p.A + t.A)·aStride + k·rows + i] · b[bStart + p.B + t.B + k·bStride + j],  0 ≤ i < rows, 0 ≤ j < cols
//
// with p from planes and t from taps, in this order. Of a convolution, i counts output
// channels, j positions and k input channels; a holds weights in the order they are
// used, planes are the taps along D and taps those of a plane.
type brgemm struct {
	rows, cols, k    int // rows from 1 to kernels.rows
	a, b, c          []float32
	planes, taps     []avx512.Tap
	aStride, bStart  int
	bStride, cStride int  // bStride may be negative
	accumulate       bool // add to c instead of writing it
}

// oneTap is the list for what has but one plane, or but one tap.
var oneTap [1]avx512.Tap

// bound slices the operands to what the call may touch, so that no kernel needs
// to look again. It panics where an operand is too short.
func (g *brgemm) bound() {
	lo, hi := extent(g.planes)
	tapLo, tapHi := extent(g.taps)
	across := (g.k - 1) * g.bStride
	_ = g.a[(lo.A+tapLo.A)*g.aStride:]
	_ = g.b[g.bStart+lo.B+tapLo.B+min(across, 0):]
	g.a = g.a[:(hi.A+tapHi.A)*g.aStride+g.k*g.rows]
	g.b = g.b[:g.bStart+hi.B+tapHi.B+max(across, 0)+g.cols]
	g.c = g.c[:(g.rows-1)*g.cStride+g.cols]
}

// extent is the least and the largest place of taps in either operand.
func extent(taps []avx512.Tap) (lo, hi avx512.Tap) {
	lo, hi = taps[0], taps[0]
	for _, t := range taps[1:] {
		lo.A, hi.A = min(lo.A, t.A), max(hi.A, t.A)
		lo.B, hi.B = min(lo.B, t.B), max(hi.B, t.B)
	}
	return lo, hi
}

// empty says that nothing is to be added up, and does what is left to do then.
func (g *brgemm) empty() bool {
	if len(g.planes) > 0 && len(g.taps) > 0 && g.k > 0 && g.cols > 0 {
		return false
	}
	if !g.accumulate {
		for i := range g.rows {
			clear(g.c[i*g.cStride:][:g.cols])
		}
	}
	return true
}
