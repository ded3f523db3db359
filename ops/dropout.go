package ops

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// maxDropout is the number of elements whose draws fit beside each other: four
// to a block, 2³² blocks to a step.
const maxDropout = 1 << 34

// NewDropout returns the primitive dst = src · keep / (1 − p), keep being 0 with
// probability p, in [0, 1), and else 1 (Srivastava et al., JMLR 15 (2014) 1929,
// scaled in training).
//
// Element i draws word i mod 4 of the Philox block i/4 of Exec.Step, of the
// stream and of Exec.Seed. So nothing is stored: the same primitive, in the same
// step, applied to the gradient of dst gives the gradient of src. The draws of
// two steps differ for 2³² steps. What is dropped is multiplied by 0: infinities
// and NaN do not vanish but become NaN.
//
//	in:  src [n]
//	out: dst [n], which may be src
func NewDropout(n int, p float32, stream uint64) (Primitive, error) {
	switch {
	case !(p >= 0 && p < 1):
		return nil, invalid("dropout", "probability %g: it must lie in [0, 1)", p)
	case n < 0 || uint64(n) > maxDropout:
		return nil, invalid("dropout", "%d elements: it must be between 0 and %d", n, uint64(maxDropout))
	}
	info := Info{
		Kind:    "dropout",
		Problem: fmt.Sprintf("p:%g stream:%d %d", p, stream, n),
		FLOPs:   int64(n),
		Bytes:   floatBytes(2 * n),
	}
	l := currentLoops()
	info.Impl = l.impl()
	// The 24 bits of a draw are below p·2²⁴ with probability p.
	least := uint32(math.Ceil(float64(p) * (1 << 24)))
	factor := float32(1 / (1 - float64(p)))
	return elementwise(info, n, func(c *call, lo, hi int) {
		d := dropping{seed: c.x.Seed, stream: stream, block: c.x.Step<<32 | uint64(lo)/4, least: least, factor: factor}
		if within := lo % 4; within != 0 {
			// In a chain a piece may begin anywhere.
			end := min(lo-within+4, hi)
			d.within(within, c.out[0][lo:end], c.in[0][lo:end])
			lo, d.block = end, d.block+1
		}
		l.dropout(d, c.out[0][lo:hi], c.in[0][lo:hi])
	}), nil
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
