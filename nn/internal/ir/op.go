package ir

import "github.com/cascade-hpc/cascade/ops"

// Op is an operation on symbolic tensors. It is an immutable value: a node of
// the graph refers to it, and so do copies of that node in other graphs.
//
// An operation may also be [Differentiable], [Parametric], [Modal] or [Counted].
type Op interface {
	// Kind is the operation's name in summaries, errors and parameter paths:
	// "Conv", "BatchNorm".
	Kind() string
	// Infer gives the types of the outputs from those of the inputs, or says
	// why the operation cannot be applied to them. The variables of a
	// Parametric operation are the last inputs.
	Infer(in []Type) (out []Type, err error)
	// Lower makes the primitive that computes the outputs. Its inputs and
	// outputs are the node's, in order.
	Lower(l *Lowering) (ops.Primitive, error)
}

// Lowering is what an operation may look at when it is turned into a primitive.
type Lowering struct {
	Batch   int
	In, Out []Type
}

// InShape is the full shape of input i, batch included.
func (l *Lowering) InShape(i int) []int { return l.In[i].Shape(l.Batch) }

// OutShape is the full shape of output i, batch included.
func (l *Lowering) OutShape(i int) []int { return l.Out[i].Shape(l.Batch) }

// InLen is the number of float32 of input i.
func (l *Lowering) InLen(i int) int { return l.In[i].Len(l.Batch) }

// OutLen is the number of float32 of output i.
func (l *Lowering) OutLen(i int) int { return l.Out[i].Len(l.Batch) }

// Differentiable operations can be trained through.
type Differentiable interface {
	Op
	// Gradient emits the operations that compute the gradients of the inputs
	// that g.Needs, and hands each to g.Set.
	Gradient(g *Gradient)
}

// Parametric operations have parameters: variables that become inputs of the
// node, after the given ones.
type Parametric interface {
	Op
	// Variables describes the parameters for given input types, or says why
	// the operation cannot be applied to them.
	Variables(in []Type) ([]VariableSpec, error)
}

// Modal operations compute one thing in training and another in inference, and
// so are replaced when a program is compiled.
type Modal interface {
	Op
	// Specialise emits what stands for the operation in a program and returns
	// it. in are the node's inputs.
	Specialise(s *Specialiser, in []Value) Value
}

// Aliasing operations compute nothing: their output is the memory of their first
// input under another shape.
type Aliasing interface {
	Op
	Alias()
}

// Counted operations tell their cost.
type Counted interface {
	Op
	// MACs is the number of multiply-adds for one sample, forward.
	MACs(in, out []Type) int64
}

// Fusable operations can apply an activation to their first output in the same
// pass over memory.
type Fusable interface {
	Op
	// WithPost is the operation with the activation; ok is false if it has one.
	WithPost(a ops.Activation) (fused Op, ok bool)
}

// Laid operations work on tensors in several layouts. Others read and write plain
// tensors.
type Laid interface {
	Op
	// Layouts lists the arrangements that Lower may be asked for: there it finds the
	// layouts in the types, and an error of it means that there is no such primitive.
	// A tensor that is not [Type.Blockable] is always plain.
	Layouts(in, out []Type) []Arrangement
}

// Arrangement is a layout for each input and each output of a node.
type Arrangement struct{ In, Out []ops.Layout }
