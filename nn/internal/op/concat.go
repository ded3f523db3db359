package op

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Concat joins samples along the first of their dimensions: channels or features.
type Concat struct{}

// Kind implements ir.Op.
func (Concat) Kind() string { return "Concat" }

// Infer implements ir.Op.
func (Concat) Infer(in []ir.Type) ([]ir.Type, error) {
	if len(in) == 0 {
		return nil, shapeError("0 inputs: there must be at least 1")
	}
	if err := samples(in, len(in)); err != nil {
		return nil, err
	}
	total := 0
	for _, t := range in {
		switch {
		case len(t.Dims) == 0 || len(in[0].Dims) == 0:
			return nil, shapeError("a sample of %s: it must have channels or features", ir.Sample())
		case !slices.Equal(t.Dims[1:], in[0].Dims[1:]):
			return nil, shapeError("shapes differ in more than the channels: %s and %s", in[0], t)
		}
		total += t.Dims[0]
	}
	return one(withFirst(in[0], total))
}

// Lower implements ir.Op.
func (Concat) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d := ops.ConcatDesc{N: l.Batch, Spatial: positions(l.Out[0]), Layout: l.Out[0].Layout}
	for _, t := range l.In {
		d.C = append(d.C, t.Dims[0])
	}
	return ops.NewConcatChannels(d)
}

// Gradient implements ir.Differentiable: every input has its part.
func (Concat) Gradient(g *ir.Gradient) {
	start := 0
	for i := range g.Inputs() {
		length := g.In(i).Type().Dims[0]
		if g.Needs(i) {
			g.Set(i, g.Emit(slice{start, length}, g.DOut()))
		}
		start += length
	}
}

// slice takes length channels or features from start on.
type slice struct{ start, length int }

// Kind implements ir.Op.
func (slice) Kind() string { return "Slice" }

// Detail describes the operation in summaries.
func (s slice) Detail() string { return fmt.Sprintf("%d to %d", s.start, s.start+s.length-1) }

// Infer implements ir.Op.
func (s slice) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	return one(withFirst(in[0], s.length))
}

// Lower implements ir.Op.
func (s slice) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewSliceChannels(ops.SliceDesc{
		N: l.Batch, C: l.In[0].Dims[0], Spatial: positions(l.In[0]), Start: s.start, Count: s.length, Layout: l.In[0].Layout,
	})
}

// withFirst is a sample type with another first dimension.
func withFirst(t ir.Type, n int) ir.Type {
	return ir.Sample(append([]int{n}, t.Dims[1:]...)...)
}
