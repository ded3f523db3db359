package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Expand repeats every feature of a vector over a part of a sample of Dims: a vector
// of 1 fills the whole sample, one of as many features as Dims has channels fills
// each channel.
type Expand struct{ Dims []int }

// Kind implements ir.Op.
func (Expand) Kind() string { return "Expand" }

// Infer implements ir.Op.
func (e Expand) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	out := ir.Sample(e.Dims...)
	if len(in[0].Dims) != 1 || in[0].Dims[0] != 1 && in[0].Dims[0] != e.Dims[0] {
		return nil, shapeError("%s values cannot fill a sample of %s: there must be 1, or %d, one for each channel", in[0], out, e.Dims[0])
	}
	return one(out)
}

// Lower implements ir.Op.
func (e Expand) Lower(l *ir.Lowering) (ops.Primitive, error) {
	if perChannel(l.In[0], l.Out[0]) {
		return ops.NewSpatialBroadcast(spatialDesc(l.Out[0], l.Batch, false))
	}
	return ops.NewBroadcast(l.Batch, l.Out[0].Elems(), 1)
}

// Gradient implements ir.Differentiable.
func (e Expand) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(expandBackward{g.In(0).Type().Dims[0]}, g.DOut()))
	}
}

// expandBackward adds up what each feature was repeated over.
type expandBackward struct{ features int }

// Kind implements ir.Op.
func (expandBackward) Kind() string { return "ExpandBackward" }

// Infer implements ir.Op.
func (e expandBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	return []ir.Type{ir.Sample(e.features)}, nil
}

// Lower implements ir.Op.
func (e expandBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	if perChannel(l.Out[0], l.In[0]) {
		return ops.NewSpatialReduce(spatialDesc(l.In[0], l.Batch, false))
	}
	return ops.NewReduce(l.Batch, l.In[0].Elems(), false)
}
