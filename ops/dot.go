package ops

import "slices"

// dot multiplies rows of one operand with shifted runs of another,
//
//	sums[i·sumStride + j] += Σ_r Σ_q a[r·aStep + i·aStride + q] · b[bStart + r·bStep + off[j] + q],  0 ≤ i < rows, 0 ≤ r < runs, 0 ≤ q < length
//
// for every j of off. Of the weight gradient of a convolution, i counts output
// channels, j pairs of input channel and tap, and q positions.
type dot struct {
	rows, runs, length int
	a, b               []float32
	aStride, aStep     int // not negative
	bStart, bStep      int // not negative
	off                []int
	sums               []float32
	sumStride          int
}

// bound panics where an operand is too short, so that no kernel needs to look.
func (d *dot) bound() {
	first, last := slices.Min(d.off), slices.Max(d.off)
	_ = d.a[:(d.runs-1)*d.aStep+(d.rows-1)*d.aStride+d.length]
	_ = d.b[d.bStart+first:][:(d.runs-1)*d.bStep+last-first+d.length]
	_ = d.sums[:(d.rows-1)*d.sumStride+len(d.off)]
}

// empty says that there is nothing to add.
func (d *dot) empty() bool { return d.length == 0 || len(d.off) == 0 || d.runs == 0 }
