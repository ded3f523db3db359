package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Pad puts zeros around a sample: Lo before and Hi after, in the order D, H, W. For
// images (Rank 2) index 0 is 0.
type Pad struct {
	Lo, Hi [3]int
	Rank   int // 2 or 3
}

// Kind implements ir.Op.
func (Pad) Kind() string { return "Pad" }

// Detail describes the operation in summaries.
func (p Pad) Detail() string {
	lo, hi := ir.Dims(p.Lo[3-p.Rank:]), ir.Dims(p.Hi[3-p.Rank:])
	if lo == hi {
		return lo
	}
	return fmt.Sprintf("%s before %s after", lo, hi)
}

// Infer implements ir.Op.
func (p Pad) Infer(in []ir.Type) ([]ir.Type, error) {
	d, channels, err := p.desc(in)
	if err != nil {
		return nil, err
	}
	return one(ungrid(channels, d.Out(), p.Rank))
}

// Lower implements ir.Op.
func (p Pad) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, _, err := p.desc(unlaid(l.In...))
	if err != nil {
		return nil, err
	}
	d.N, d.Layout = l.Batch, l.In[0].Layout
	return ops.NewPad(d)
}

// Gradient implements ir.Differentiable.
func (p Pad) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(crop{p, g.In(0).Type()}, g.DOut()))
	}
}

// desc is the descriptor for one sample.
func (p Pad) desc(in []ir.Type) (d ops.PadDesc, channels int, err error) {
	if err := samples(in, 1); err != nil {
		return d, 0, err
	}
	channels, size, err := grid(in[0], p.Rank)
	if err != nil {
		return d, 0, err
	}
	for a := range size {
		switch lo, hi := p.Lo[a], p.Hi[a]; {
		case min(lo, hi) < 0 || max(lo, hi) > maxWindow:
			return d, 0, shapeError("padding %s: each must lie in [0, %d]", p.Detail(), maxWindow)
		case a < 3-p.Rank && lo+hi != 0:
			return d, 0, unsupported("padding %d along D: an image has no such axis", lo+hi)
		}
	}
	return ops.PadDesc{N: 1, C: channels, In: size, Lo: p.Lo, Hi: p.Hi}, channels, nil
}

// crop cuts the padding off: the gradient of Pad.
type crop struct {
	of  Pad
	src ir.Type
}

// Kind implements ir.Op.
func (crop) Kind() string { return "Crop" }

// Infer implements ir.Op.
func (c crop) Infer(in []ir.Type) ([]ir.Type, error) { return undo(c.of, c.src, in) }

// Lower implements ir.Op.
func (c crop) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, _, err := c.of.desc([]ir.Type{c.src})
	if err != nil {
		return nil, err
	}
	d.N, d.Layout = l.Batch, l.In[0].Layout
	return ops.NewCrop(d)
}
