package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Upsample is nearest-neighbour up-sampling: every element becomes a block of Scale
// copies, in the order D, H, W. For images (Rank 2) Scale[0] is 1.
type Upsample struct {
	Scale [3]int
	Rank  int // 2 or 3
}

// Kind implements ir.Op.
func (Upsample) Kind() string { return "Upsample" }

// Detail describes the operation in summaries.
func (u Upsample) Detail() string { return "by " + u.list() }

// Infer implements ir.Op.
func (u Upsample) Infer(in []ir.Type) ([]ir.Type, error) {
	d, err := u.desc(in)
	if err != nil {
		return nil, err
	}
	return one(ungrid(d.C, d.Out(), u.Rank))
}

// Lower implements ir.Op.
func (u Upsample) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, err := u.desc(unlaid(l.In...))
	if err != nil {
		return nil, err
	}
	d.N, d.Layout = l.Batch, l.In[0].Layout
	return ops.NewUpsample(d)
}

// Gradient implements ir.Differentiable.
func (u Upsample) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(upsampleBackward{u, g.In(0).Type()}, g.DOut()))
	}
}

// desc is the descriptor for one sample.
func (u Upsample) desc(in []ir.Type) (d ops.UpsampleDesc, err error) {
	if err := samples(in, 1); err != nil {
		return d, err
	}
	channels, size, err := grid(in[0], u.Rank)
	if err != nil {
		return d, err
	}
	for a, s := range u.Scale {
		switch {
		case s < 1 || s > maxWindow:
			return d, shapeError("scale %s: each must lie in [1, %d]", u.list(), maxWindow)
		case a < 3-u.Rank && s != 1:
			return d, unsupported("scale %d along D: an image has no such axis", s)
		}
	}
	return ops.UpsampleDesc{N: 1, C: channels, In: size, Scale: u.Scale}, nil
}

func (u Upsample) list() string { return ir.Dims(u.Scale[3-u.Rank:]) }

// upsampleBackward is the sum over every block of diffDst.
type upsampleBackward struct {
	of  Upsample
	src ir.Type
}

// Kind implements ir.Op.
func (upsampleBackward) Kind() string { return "UpsampleBackward" }

// Infer implements ir.Op.
func (b upsampleBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	return undo(b.of, b.src, in)
}

// Lower implements ir.Op.
func (b upsampleBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, err := b.of.desc([]ir.Type{b.src})
	if err != nil {
		return nil, err
	}
	d.N, d.Layout = l.Batch, l.In[0].Layout
	return ops.NewUpsampleBackward(d)
}

// undo infers the gradient of an operation from that of its result alone.
func undo(of ir.Op, src ir.Type, in []ir.Type) ([]ir.Type, error) {
	if err := arity(in, 1); err != nil {
		return nil, err
	}
	dst, err := of.Infer([]ir.Type{src})
	if err != nil {
		return nil, err
	}
	return []ir.Type{src}, expect("diffDst", in[0], dst[0])
}
