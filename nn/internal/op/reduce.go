package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Sum is the sum of all elements of a sample: a vector of 1.
type Sum struct{}

// Kind implements ir.Op.
func (Sum) Kind() string { return "Sum" }

// Infer implements ir.Op.
func (Sum) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	return []ir.Type{ir.Sample(1)}, nil
}

// Lower implements ir.Op.
func (Sum) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewReduce(l.Batch, l.In[0].Elems(), false)
}

// Gradient implements ir.Differentiable.
func (Sum) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(broadcast{dims: g.In(0).Type().Dims}, g.DOut()))
	}
}

// Mean is the mean of all elements of a sample, a vector of 1; or, if Spatial, of
// all positions of every channel, a vector of C: global average pooling.
type Mean struct{ Spatial bool }

// Kind implements ir.Op.
func (m Mean) Kind() string {
	if m.Spatial {
		return "GlobalAvgPool"
	}
	return "Mean"
}

// Infer implements ir.Op.
func (m Mean) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	if !m.Spatial {
		return []ir.Type{ir.Sample(1)}, nil
	}
	if len(in[0].Dims) < 2 {
		return nil, shapeError("a sample of %s: it must have channels and positions", in[0])
	}
	return []ir.Type{ir.Sample(in[0].Dims[0])}, nil
}

// Lower implements ir.Op.
func (m Mean) Lower(l *ir.Lowering) (ops.Primitive, error) {
	if m.Spatial {
		return ops.NewSpatialReduce(spatialDesc(l.In[0], l.Batch, true))
	}
	return ops.NewReduce(l.Batch, l.In[0].Elems(), true)
}

// Gradient implements ir.Differentiable.
func (m Mean) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(broadcast{dims: g.In(0).Type().Dims, mean: true}, g.DOut()))
	}
}

// broadcast spreads every value of a vector evenly over a part of a sample: as it
// is, the gradient of a sum, or, with mean, divided by the number of elements.
type broadcast struct {
	dims []int
	mean bool
}

// Kind implements ir.Op.
func (broadcast) Kind() string { return "Broadcast" }

// Infer implements ir.Op.
func (b broadcast) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	return []ir.Type{ir.Sample(b.dims...)}, nil
}

// Lower implements ir.Op.
func (b broadcast) Lower(l *ir.Lowering) (ops.Primitive, error) {
	if perChannel(l.In[0], l.Out[0]) {
		return ops.NewSpatialBroadcast(spatialDesc(l.Out[0], l.Batch, b.mean))
	}
	length, scale := l.Out[0].Elems(), float32(1)
	if b.mean {
		scale = 1 / float32(length)
	}
	return ops.NewBroadcast(l.Batch, length, scale)
}

// perChannel says that a vector has a value for each channel of a sample.
func perChannel(vector, sample ir.Type) bool {
	return len(sample.Dims) > 0 && vector.Dims[0] == sample.Dims[0]
}

// spatialDesc describes what happens to the positions of each channel of a sample.
func spatialDesc(sample ir.Type, batch int, mean bool) ops.SpatialDesc {
	return ops.SpatialDesc{
		N: batch, C: sample.Dims[0], Spatial: positions(sample), Mean: mean, Layout: sample.Layout,
	}
}
