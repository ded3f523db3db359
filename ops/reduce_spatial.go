package ops

import "fmt"

// SpatialDesc describes a sum or mean over the positions of every channel of a tensor
// N x C x Spatial in some layout.
type SpatialDesc struct {
	N, C, Spatial int
	Mean          bool
	Layout        Layout // N is a multiple of 16 in NCX16n
}

func (d SpatialDesc) validate(op string) error {
	if _, err := elements(op, d.N, d.C, d.Spatial, d.Layout.cell()); err != nil {
		return err
	}
	return d.Layout.check(op, d.N)
}

func (d SpatialDesc) info(l *loops, kind string) Info {
	values := d.N * d.C
	alg := "sum"
	if d.Mean {
		alg = "mean"
	}
	return Info{
		Kind:    kind,
		Impl:    l.impl(),
		Problem: fmt.Sprintf("alg:%s mb%dic%dsp%d", alg, d.N, d.C, d.Spatial),
		FLOPs:   int64(values) * int64(d.Spatial),
		Bytes:   floatBytes(d.Layout.planes(d.N, d.C)*d.Layout.cell()*d.Spatial + values),
		// A cell: the results of a plane before they go to their places.
		ScratchPerWorker: Block,
	}
}

// divisor is what a sum is divided by.
func (d SpatialDesc) divisor() int {
	if d.Mean {
		return d.Spatial
	}
	return 1
}

// NewSpatialReduce returns the primitive that adds up the positions of each channel, or
// averages them: global average pooling. The sums are formed in float64. The sum of no
// positions is 0, their mean NaN.
//
//	in:  src [N, C, Spatial]
//	out: dst [N, C], in plain order
func NewSpatialReduce(d SpatialDesc) (Primitive, error) {
	if err := d.validate("spatial reduce"); err != nil {
		return nil, err
	}
	if d.Layout == NCX {
		return NewReduce(d.N*d.C, d.Spatial, d.Mean)
	}
	l := currentLoops()
	info, length, window := d.info(l, "reduction"), d.Spatial*Block, windowRow{planes: 1, rows: 1, taps: d.Spatial}
	planes := divideRows(d.Layout.planes(d.N, d.C), length)
	return newPhased(info, phase{planes.parts, func(c *call, worker, part int) {
		lo, hi := planes.bounds(part)
		sums := c.x.Worker(&info, worker)
		for p := lo; p < hi; p++ {
			l.cells.windows.averages(window, sums, c.in[0][p*length:(p+1)*length], float64(d.divisor()))
			at, step, count := d.values(p)
			spread(c.out[0][at:at+(count-1)*step+1], step, sums, 1)
		}
	}}), nil
}

// NewSpatialBroadcast returns the gradient of [NewSpatialReduce]: it sets all positions
// of a channel to one value, for a mean divided by their number.
//
//	in:  src [N, C], in plain order
//	out: dst [N, C, Spatial]
func NewSpatialBroadcast(d SpatialDesc) (Primitive, error) {
	if err := d.validate("spatial broadcast"); err != nil {
		return nil, err
	}
	scale := 1 / float32(max(d.divisor(), 1))
	if d.Layout == NCX {
		return NewBroadcast(d.N*d.C, d.Spatial, scale)
	}
	info, length := d.info(currentLoops(), "broadcast"), d.Spatial*Block
	planes := divideRows(d.Layout.planes(d.N, d.C), length)
	return newPhased(info, phase{planes.parts, func(c *call, worker, part int) {
		lo, hi := planes.bounds(part)
		values := c.x.Worker(&info, worker)
		for p := lo; p < hi; p++ {
			at, step, count := d.values(p)
			clear(values)
			for j := range count {
				values[j] = scale * c.in[0][at+j*step]
			}
			for dst := c.out[0][p*length : (p+1)*length]; len(dst) > 0; dst = dst[Block:] {
				*(*cell)(dst) = *(*cell)(values)
			}
		}
	}}), nil
}

// values are the places that the channels and samples of a plane have in a plain N x C:
// count of them, a step apart.
func (d SpatialDesc) values(plane int) (at, step, count int) {
	if d.Layout == NCX16n {
		return plane/d.C*Block*d.C + plane%d.C, d.C, Block
	}
	blocks := ceilDiv(d.C, Block)
	first := plane % blocks * Block
	return plane/blocks*d.C + first, 1, min(d.C-first, Block)
}
