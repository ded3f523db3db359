package nn

import "github.com/cascade-hpc/cascade/nn/internal/ir"

// What an operation from another package is made of. An operation is an immutable
// value that implements [Op]; to be trained through it is [Differentiable]; with
// parameters it is [Parametric]; if it computes one thing in training and another
// in inference it is [Modal]; and if it tells its cost it is [Counted].
type (
	// Op is an operation: its kind, the inference of shapes and its primitive.
	Op = ir.Op
	// Type is the type of a symbolic tensor: dimensions, batch axis and layout.
	Type = ir.Type
	// Value is a symbolic tensor as operations see it.
	Value = ir.Value
	// Node is an operation applied to values.
	Node = ir.Node
	// Lowering is what an operation makes its primitive from.
	Lowering = ir.Lowering
	// Differentiable operations emit the operations that compute their gradient.
	Differentiable = ir.Differentiable
	// Gradient is what a Differentiable operation works with.
	Gradient = ir.Gradient
	// Parametric operations have parameters.
	Parametric = ir.Parametric
	// VariableSpec describes a parameter.
	VariableSpec = ir.VariableSpec
	// Modal operations are replaced when a program is compiled.
	Modal = ir.Modal
	// Specialiser is what a Modal operation works with.
	Specialiser = ir.Specialiser
	// Counted operations tell their multiply-adds.
	Counted = ir.Counted
)

// Sample is the type of a tensor with a batch axis, one sample of which has the
// dimensions.
func Sample(dims ...int) Type { return ir.Sample(dims...) }

// Whole is the type of a tensor without a batch axis.
func Whole(dims ...int) Type { return ir.Whole(dims...) }

// Apply applies an operation to handles of one graph and returns its first output.
func Apply(op Op, in ...Handle) Tensor {
	t := make([]Tensor, len(in))
	for i, h := range in {
		t[i] = h.Tensor()
	}
	return apply(op, t...)
}
