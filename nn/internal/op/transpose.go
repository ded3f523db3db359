package op

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Transpose exchanges the dimension Axis of a sample with the one after it.
type Transpose struct{ Axis int }

// Kind implements ir.Op.
func (Transpose) Kind() string { return "Transpose" }

// Detail describes the operation in summaries.
func (t Transpose) Detail() string { return fmt.Sprintf("%d and %d", t.Axis, t.Axis+1) }

// Infer implements ir.Op.
func (t Transpose) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	if t.Axis < 0 || t.Axis+1 >= len(in[0].Dims) {
		return nil, shapeError("dimensions %s of a sample of %s: there are %d", t.Detail(), in[0], len(in[0].Dims))
	}
	dims := slices.Clone(in[0].Dims)
	dims[t.Axis], dims[t.Axis+1] = dims[t.Axis+1], dims[t.Axis]
	return []ir.Type{ir.Sample(dims...)}, nil
}

// Lower implements ir.Op.
func (t Transpose) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d := l.In[0].Dims
	before, after := ir.Sample(d[:t.Axis]...).Elems(), ir.Sample(d[t.Axis+2:]...).Elems()
	return ops.NewTranspose(l.Batch*before, d[t.Axis], d[t.Axis+1], after)
}

// Gradient implements ir.Differentiable.
func (t Transpose) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(t, g.DOut()))
	}
}
