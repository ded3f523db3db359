package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Activation is an elementwise non-linearity.
type Activation struct{ Fn ops.Activation }

var activationKinds = map[ops.ActivationKind]string{
	ops.ReLU: "ReLU", ops.LeakyReLU: "LeakyReLU", ops.ELU: "ELU", ops.Tanh: "Tanh", ops.Sigmoid: "Sigmoid",
	ops.Softplus: "Softplus", ops.SiLU: "SiLU", ops.GELU: "GELU",
}

// Kind implements ir.Op: the function's name.
func (a Activation) Kind() string {
	if name, ok := activationKinds[a.Fn.Kind]; ok {
		return name
	}
	return "Activation"
}

// Detail is the parameter, for those functions that have one.
func (a Activation) Detail() string {
	switch a.Fn.Kind {
	case ops.LeakyReLU:
		return fmt.Sprintf("slope %g", a.Fn.Alpha)
	case ops.ELU:
		return fmt.Sprintf("alpha %g", a.Fn.Alpha)
	}
	return ""
}

// Infer implements ir.Op.
func (a Activation) Infer(in []ir.Type) ([]ir.Type, error) {
	if _, ok := activationKinds[a.Fn.Kind]; !ok {
		return nil, unsupported("activation %s", a.Fn.Kind)
	}
	if detail := a.Detail(); detail != "" && !(a.Fn.Alpha >= 0) {
		return nil, shapeError("%s: it must not be negative", detail)
	}
	return elementwise(in, 1)
}

// Lower implements ir.Op.
func (a Activation) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewActivation(a.Fn, l.OutLen(0))
}

// Gradient implements ir.Differentiable. Where the result is enough it is what the
// derivative is taken from: the argument's memory is then free.
func (a Activation) Gradient(g *ir.Gradient) {
	if !g.Needs(0) {
		return
	}
	data := g.In(0)
	if a.Fn.FromDst() {
		data = g.Out(0)
	}
	g.Set(0, g.Emit(activationBackward{a}, g.DOut(), data))
}

// activationBackward has the inputs diffDst and data, the result or the argument of
// the activation.
type activationBackward struct{ of Activation }

// Kind implements ir.Op.
func (b activationBackward) Kind() string { return b.of.Kind() + "Backward" }

// Infer implements ir.Op.
func (b activationBackward) Infer(in []ir.Type) ([]ir.Type, error) { return elementwise(in, 2) }

// Lower implements ir.Op.
func (b activationBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewActivationBackward(b.of.Fn, l.OutLen(0))
}
