package op

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Add is the sum of two or more tensors of one shape.
type Add struct{}

// Kind implements ir.Op.
func (Add) Kind() string { return "Add" }

// Infer implements ir.Op.
func (Add) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := alike(in, 2); err != nil {
		return nil, err
	}
	return in[:1:1], nil
}

// Lower implements ir.Op.
func (Add) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewSum(l.OutLen(0), len(l.In)) }

// Gradient implements ir.Differentiable: every term has the gradient of the sum.
func (Add) Gradient(g *ir.Gradient) {
	for i := range g.Inputs() {
		if g.Needs(i) {
			g.Set(i, g.DOut())
		}
	}
}

// Mul is the product of two tensors of one shape, element by element.
type Mul struct{}

// Kind implements ir.Op.
func (Mul) Kind() string { return "Mul" }

// Infer implements ir.Op.
func (Mul) Infer(in []ir.Type) ([]ir.Type, error) { return elementwise(in, 2) }

// Lower implements ir.Op.
func (Mul) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewMul(l.OutLen(0)) }

// Gradient implements ir.Differentiable.
func (Mul) Gradient(g *ir.Gradient) {
	for i := range 2 {
		if g.Needs(i) {
			g.Set(i, g.Emit(Mul{}, g.DOut(), g.In(1-i)))
		}
	}
}

// Scale is the product with a constant.
type Scale struct{ Factor float32 }

// Kind implements ir.Op.
func (Scale) Kind() string { return "Scale" }

// Detail describes the operation in summaries.
func (s Scale) Detail() string { return fmt.Sprintf("by %g", s.Factor) }

// Infer implements ir.Op.
func (s Scale) Infer(in []ir.Type) ([]ir.Type, error) {
	if !finite(s.Factor) {
		return nil, shapeError("factor %g: it must be finite", s.Factor)
	}
	return elementwise(in, 1)
}

// Lower implements ir.Op.
func (s Scale) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewScale(l.OutLen(0), s.Factor)
}

// Gradient implements ir.Differentiable.
func (s Scale) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(s, g.DOut()))
	}
}

func finite(x float32) bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }
