package ops

// brgemm is one batch-reduce GEMM (Georganas et al., IPDPS 2020): the sum, over a
// list of taps, of products of small matrices,
//
//	c[i·cStride + j] (+)= Σ_t Σ_k a[(t·k' + k)·rows + i] · b[off[t] + k·bStride + j],  0 ≤ i < rows, 0 ≤ j < cols
//
// with k' the number of k. Of a convolution, i counts output channels, j positions
// and k input channels; a holds weights in the order they are used.
type brgemm struct {
	rows, cols, k    int // rows from 1 to kernels.rows
	a, b, c          []float32
	off              []int // not negative
	bStride, cStride int
	accumulate       bool // add to c instead of writing it
}

// bound slices the operands to what the call may touch, so that no kernel needs
// to look again. It panics where an operand is too short.
func (g *brgemm) bound() {
	reach := 0
	for _, o := range g.off {
		reach = max(reach, o)
		_ = g.b[o:]
	}
	g.a = g.a[:len(g.off)*g.k*g.rows]
	g.b = g.b[:reach+(g.k-1)*g.bStride+g.cols]
	g.c = g.c[:(g.rows-1)*g.cStride+g.cols]
}

// empty says that nothing is to be added up, and does what is left to do then.
func (g *brgemm) empty() bool {
	if len(g.off) > 0 && g.k > 0 && g.cols > 0 {
		return false
	}
	if !g.accumulate {
		for i := range g.rows {
			clear(g.c[i*g.cStride:][:g.cols])
		}
	}
	return true
}
