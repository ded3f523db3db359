package ops

import (
	"slices"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// dot multiplies rows of one operand with shifted runs of another,
//
//	sums[i·sumStride + j] += Σ_r Σ_q a[runs[r].A + i·aStride + q] · b[bStart + runs[r].B + off[j] + q],  0 ≤ i < rows, 0 ≤ q < length
//
// for every j of off. Of the weight gradient of a convolution, i counts output
// channels, j pairs of input channel and tap, and q positions. A kernel works in
// tiles of offsets and reads b at all of the last tile, so off must go on in memory
// for dotPadding more offsets that are as good.
type dot struct {
	rows, length       int
	a, b               []float32
	aStride, sumStride int
	bStart             int
	off                []int
	runs               []avx512.Run
	sums               []float32
}

// dotPadding is one less than the largest number of offsets of a tile.
const dotPadding = 7

// bound panics where an operand is too short, so that no kernel needs to look.
// tile is the number of offsets that the kernel takes at once.
func (d *dot) bound(tile int) {
	off := d.off[:ceilDiv(len(d.off), tile)*tile]
	first, last := slices.Min(off), slices.Max(off)
	for _, r := range d.runs {
		_ = d.a[r.A:][:(d.rows-1)*d.aStride+d.length]
		_ = d.b[d.bStart+r.B+first:][:last-first+d.length]
	}
	_ = d.sums[:(d.rows-1)*d.sumStride+len(d.off)]
}

// empty says that there is nothing to add.
func (d *dot) empty() bool { return d.length == 0 || len(d.off) == 0 || len(d.runs) == 0 }
