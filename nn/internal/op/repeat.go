package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Repeat makes a vector every step of a sequence of steps x features.
type Repeat struct{ Steps int }

// Kind implements ir.Op.
func (Repeat) Kind() string { return "Repeat" }

// Detail describes the operation in summaries.
func (r Repeat) Detail() string { return fmt.Sprintf("%d steps", r.Steps) }

// Infer implements ir.Op.
func (r Repeat) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	switch {
	case len(in[0].Dims) != 1:
		return nil, shapeError("a sample of %s: it must be a vector", in[0])
	case r.Steps < 1:
		return nil, shapeError("%d steps: there must be at least 1", r.Steps)
	}
	return one(ir.Sample(r.Steps, in[0].Dims[0]))
}

// Lower implements ir.Op: a vector is an image of one row that is made higher.
func (r Repeat) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewUpsample(r.desc(l.In[0].Elems(), l.Batch))
}

// Gradient implements ir.Differentiable.
func (r Repeat) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(repeatBackward{r, g.In(0).Type()}, g.DOut()))
	}
}

func (r Repeat) desc(features, batch int) ops.UpsampleDesc {
	return ops.UpsampleDesc{N: batch, C: 1, In: [3]int{1, 1, features}, Scale: [3]int{1, r.Steps, 1}}
}

// repeatBackward adds up the steps.
type repeatBackward struct {
	of  Repeat
	src ir.Type
}

// Kind implements ir.Op.
func (repeatBackward) Kind() string { return "RepeatBackward" }

// Infer implements ir.Op.
func (b repeatBackward) Infer(in []ir.Type) ([]ir.Type, error) { return undo(b.of, b.src, in) }

// Lower implements ir.Op.
func (b repeatBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewUpsampleBackward(b.of.desc(b.src.Elems(), l.Batch))
}
