package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Softmax is eˣ divided by its sum over the channels of every position, the features,
// or those of every step of a sequence.
type Softmax struct{}

// Kind implements ir.Op.
func (Softmax) Kind() string { return "Softmax" }

// Infer implements ir.Op.
func (Softmax) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	if len(in[0].Dims) == 0 {
		return nil, shapeError("a sample of %s: it must have channels or features", in[0])
	}
	return in[:1:1], nil
}

// Lower implements ir.Op.
func (Softmax) Lower(l *ir.Lowering) (ops.Primitive, error) {
	before, n, after := features(l.In[0])
	return ops.NewSoftmax(l.Batch*before, n, after)
}

// Gradient implements ir.Differentiable.
func (Softmax) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(softmaxBackward{}, g.DOut(), g.Out(0)))
	}
}

// softmaxBackward has the inputs diffDst and dst.
type softmaxBackward struct{}

// Kind implements ir.Op.
func (softmaxBackward) Kind() string { return "SoftmaxBackward" }

// Infer implements ir.Op.
func (softmaxBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 2); err != nil {
		return nil, err
	}
	return elementwise(in, 2)
}

// Lower implements ir.Op.
func (softmaxBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	before, n, after := features(l.In[0])
	return ops.NewSoftmaxBackward(l.Batch*before, n, after)
}
