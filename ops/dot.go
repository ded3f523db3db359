package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// dot multiplies rows of one operand with shifted runs of another,
//
//	sums[i·n + j] += Σ_r Σ_q a[runs[r].A + i·aStride + q] · b[runs[r].B + off[j] + q],  0 ≤ i < rows, 0 ≤ q < length
//
// with n the number of offsets, kernels.dotOffsets[rows]. Of the weight gradient of
// a convolution, i counts output channels, j pairs of input channel and tap, and
// q positions.
type dot struct {
	rows, length int
	a, b         []float32
	aStride      int
	off          []int
	runs         []avx512.Run
	sums         []float32
}

// bound panics where an operand is too short, so that no kernel needs to look.
func (d *dot) bound() {
	reach := 0
	for _, o := range d.off {
		reach = max(reach, o)
		_ = d.b[o:]
	}
	for _, r := range d.runs {
		_ = d.a[r.A:][:(d.rows-1)*d.aStride+d.length]
		_ = d.b[r.B:][:reach+d.length]
	}
	_ = d.sums[:d.rows*len(d.off)]
}
