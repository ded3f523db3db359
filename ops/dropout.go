package ops

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// maxDropout is the number of elements whose draws fit beside each other: four
// to a block, 2³² blocks to a step.
const maxDropout = 1 << 34

// DropoutDesc describes dropout of a tensor N x C x Spatial.
type DropoutDesc struct {
	N, C, Spatial int
	P             float32 // probability with which an element is dropped, in [0, 1)
	Stream        uint64  // of random numbers
	// Layout is that of both tensors. In NCX16n N is a multiple of 16, and C·Spatial one
	// of 4. There is no kernel for NCX16c.
	Layout Layout
}

// NewDropout returns the primitive dst = src · keep / (1 − P), keep being 0 with
// probability P and else 1 (Srivastava et al., JMLR 15 (2014) 1929, scaled in
// training).
//
// Element i, counted in plain order whatever the layout, draws word i mod 4 of the
// Philox block i/4 of Exec.Step, of the stream and of Exec.Seed. So nothing is stored:
// the same primitive, in the same step, applied to the gradient of dst gives the
// gradient of src. The draws of two steps differ for 2³² steps. What is dropped is
// multiplied by 0: infinities and NaN do not vanish but become NaN.
//
//	in:  src [N, C, Spatial]
//	out: dst [N, C, Spatial], which may be src
func NewDropout(d DropoutDesc) (Primitive, error) {
	const op = "dropout"
	n, err := elements(op, d.N, d.C, d.Spatial)
	switch {
	case err != nil:
		return nil, err
	case !(d.P >= 0 && d.P < 1):
		return nil, invalid(op, "probability %g: it must lie in [0, 1)", d.P)
	case uint64(n) > maxDropout:
		return nil, invalid(op, "%d elements: there can be %d", n, uint64(maxDropout))
	}
	if err := d.Layout.check(op, d.N); err != nil {
		return nil, err
	}
	l := currentLoops()
	info := Info{
		Kind:    op,
		Impl:    l.impl(),
		Problem: fmt.Sprintf("p:%g stream:%d %d%s", d.P, d.Stream, n, d.Layout.suffix()),
		FLOPs:   int64(n),
		Bytes:   floatBytes(2 * n),
	}
	row := d.C * d.Spatial
	switch {
	case d.Layout == NCX:
		return elementwise(info, n, func(c *call, lo, hi int) { d.plain(l, c, lo, hi) }), nil
	case d.Layout == NCX16n && row%4 == 0:
		return elementwise(info, n, func(c *call, lo, hi int) { d.cells(l, c, lo, hi) }), nil
	}
	return nil, invalid(op, "%s with rows of %d elements: there is no kernel", d.Layout, row)
}

// from is what is done to the elements from block on.
func (d *DropoutDesc) from(x *Exec, block int) dropping {
	return dropping{
		seed: x.Seed, stream: d.Stream, block: x.Step<<32 | uint64(block),
		// The 24 bits of a draw are below P·2²⁴ with probability P.
		least:  uint32(math.Ceil(float64(d.P) * (1 << 24))),
		factor: float32(1 / (1 - float64(d.P))),
	}
}

// plain does a range of elements in plain order.
func (d *DropoutDesc) plain(l *loops, c *call, lo, hi int) {
	run := d.from(c.x, lo/4)
	if within := lo % 4; within != 0 {
		// In a chain a piece may begin anywhere.
		end := min(lo-within+4, hi)
		run.within(within, c.out[0][lo:end], c.in[0][lo:end])
		lo, run.block = end, run.block+1
	}
	l.dropout(run, c.out[0][lo:hi], c.in[0][lo:hi])
}

// cells does a range of whole cells in NCX16n: in each block of samples, cell i has
// element i of 16 rows.
func (d *DropoutDesc) cells(l *loops, c *call, lo, hi int) {
	row := d.C * d.Spatial
	for lo < hi {
		samples, at := lo/Block/row, lo/Block%row
		end := min(hi, (samples+1)*row*Block)
		run := d.from(c.x, samples*Block*row/4+at/4)
		l.dropoutCells(run, row/4, at%4, c.out[0][lo:end], c.in[0][lo:end])
		lo = end
	}
}

// dropping is what is done to a run of elements: those whose draw, of 24 bits, is
// below least are multiplied by 0, the others by the factor. The first draw is the
// first word of the block.
type dropping struct {
	seed, stream, block uint64
	least               uint32
	factor              float32
}

// within treats the last elements of a block of four, from element number first of it.
func (d dropping) within(first int, dst, src []float32) {
	var block [4]float32
	copy(block[first:], src)
	dropoutPortable(d, block[:], block[:])
	copy(dst, block[first:])
}

func dropoutPortable(d dropping, dst, src []float32) {
	draws := philox.NewStream(d.seed, d.stream).At(d.block)
	src = src[:len(dst)]
	factor := [2]float32{d.factor, 0} // picked without a branch, which would be mispredicted
	for i, v := range src {
		dst[i] = v * factor[(draws.Uint32()>>8-d.least)>>31]
	}
}

// dropoutCellsPortable is dropout of rows that lie side by side: their draws are blocks
// apart, and the first cell has the word of that number of each first block.
func dropoutCellsPortable(d dropping, blocks, first int, dst, src []float32) {
	src = src[:len(dst)]
	factor := [2]float32{d.factor, 0}
	for at := -first * Block; at < len(dst); at += 4 * Block {
		for lane := range Block {
			draws := philox.NewStream(d.seed, d.stream).At(d.block + uint64(lane*blocks))
			for i := at + lane; i < at+4*Block; i += Block {
				f := factor[(draws.Uint32()>>8-d.least)>>31]
				if i >= 0 && i < len(dst) {
					dst[i] = src[i] * f
				}
			}
		}
		d.block++
	}
}
