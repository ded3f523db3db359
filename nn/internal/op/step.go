package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Step is one step of a sequence of steps x features: a vector of features.
type Step struct{ At int }

// Kind implements ir.Op.
func (Step) Kind() string { return "Step" }

// Detail describes the operation in summaries.
func (s Step) Detail() string { return fmt.Sprintf("%d", s.At) }

// Infer implements ir.Op.
func (s Step) Infer(in []ir.Type) ([]ir.Type, error) {
	steps, features, err := sequence(in)
	if err != nil {
		return nil, err
	}
	if s.At < 0 || s.At >= steps {
		return nil, shapeError("step %d of %d: it must lie in [0, %d]", s.At, steps, steps-1)
	}
	return []ir.Type{ir.Sample(features)}, nil
}

// Lower implements ir.Op.
func (s Step) Lower(l *ir.Lowering) (ops.Primitive, error) {
	features := l.Out[0].Elems()
	return ops.NewSlice(l.Batch, l.In[0].Elems(), s.At*features, features)
}

// Gradient implements ir.Differentiable.
func (s Step) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(stepBackward{s, g.In(0).Type()}, g.DOut()))
	}
}

// stepBackward puts zeros at the other steps.
type stepBackward struct {
	of  Step
	src ir.Type
}

// Kind implements ir.Op.
func (stepBackward) Kind() string { return "StepBackward" }

// Infer implements ir.Op.
func (b stepBackward) Infer(in []ir.Type) ([]ir.Type, error) { return undo(b.of, b.src, in) }

// Lower implements ir.Op.
func (b stepBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	steps, features := b.src.Dims[0], b.src.Dims[1]
	return ops.NewPad(ops.PadDesc{
		N: l.Batch, C: 1, In: [3]int{1, 1, features}, Lo: [3]int{0, b.of.At, 0}, Hi: [3]int{0, steps - 1 - b.of.At, 0},
	})
}

// StepMean is the mean of the steps of a sequence of steps x features: a vector of
// features.
type StepMean struct{}

// Kind implements ir.Op.
func (StepMean) Kind() string { return "StepMean" }

// Infer implements ir.Op.
func (StepMean) Infer(in []ir.Type) ([]ir.Type, error) {
	_, features, err := sequence(in)
	if err != nil {
		return nil, err
	}
	return []ir.Type{ir.Sample(features)}, nil
}

// Lower implements ir.Op.
func (StepMean) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewPooling(stepWindow(l.In[0], l.Batch))
}

// Gradient implements ir.Differentiable.
func (m StepMean) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(stepMeanBackward{g.In(0).Type()}, g.DOut()))
	}
}

// stepWindow describes the mean of steps as average pooling: a window as high as a
// sequence, seen as an image of one channel.
func stepWindow(src ir.Type, batch int) ops.PoolingDesc {
	steps, features := src.Dims[0], src.Dims[1]
	return ops.PoolingDesc{
		Kind: ops.AveragePooling, N: batch, C: 1, In: [3]int{1, steps, features}, Out: [3]int{1, 1, features},
		Kernel: [3]int{1, steps, 1}, Stride: [3]int{1, 1, 1},
	}
}

type stepMeanBackward struct{ src ir.Type }

// Kind implements ir.Op.
func (stepMeanBackward) Kind() string { return "StepMeanBackward" }

// Infer implements ir.Op.
func (b stepMeanBackward) Infer(in []ir.Type) ([]ir.Type, error) { return undo(StepMean{}, b.src, in) }

// Lower implements ir.Op.
func (b stepMeanBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewPoolingBackward(stepWindow(b.src, l.Batch))
}
