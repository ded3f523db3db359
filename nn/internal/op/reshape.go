package op

import (
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Flatten reads a sample of any shape, in row-major order, as a vector.
type Flatten struct{}

// Kind implements ir.Op.
func (Flatten) Kind() string { return "Flatten" }

// Alias implements ir.Aliasing.
func (Flatten) Alias() {}

// Infer implements ir.Op.
func (Flatten) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	return []ir.Type{ir.Sample(in[0].Elems())}, nil
}

// Lower implements ir.Op: a copy, where the output has memory of its own.
func (Flatten) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewCopy(l.OutLen(0)) }

// Gradient implements ir.Differentiable.
func (Flatten) Gradient(g *ir.Gradient) { unreshape(g) }

// Reshape reads a sample, in row-major order, as one of the shape Dims.
type Reshape struct{ Dims []int }

// Kind implements ir.Op.
func (Reshape) Kind() string { return "Reshape" }

// Detail describes the operation in summaries.
func (r Reshape) Detail() string { return "to " + ir.Dims(r.Dims) }

// Alias implements ir.Aliasing.
func (Reshape) Alias() {}

// Infer implements ir.Op.
func (r Reshape) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	out, err := one(ir.Sample(slices.Clone(r.Dims)...))
	if err != nil {
		return nil, err
	}
	if have, want := in[0].Elems(), out[0].Elems(); have != want {
		return nil, shapeError("%d values cannot become %s = %d", have, out[0], want)
	}
	return out, nil
}

// Lower implements ir.Op: a copy, where the output has memory of its own.
func (Reshape) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewCopy(l.OutLen(0)) }

// Gradient implements ir.Differentiable.
func (Reshape) Gradient(g *ir.Gradient) { unreshape(g) }

// unreshape gives the gradient the shape of the input.
func unreshape(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(Reshape{g.In(0).Type().Dims}, g.DOut()))
	}
}
