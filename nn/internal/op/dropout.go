package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Dropout multiplies elements by 0 with probability Rate and by 1 / (1 − Rate)
// otherwise, in training; in inference it is its input. See [ops.NewDropout].
type Dropout struct{ Rate float32 }

// Kind implements ir.Op.
func (Dropout) Kind() string { return "Dropout" }

// Detail describes the operation in summaries.
func (d Dropout) Detail() string { return fmt.Sprintf("rate %g", d.Rate) }

// Infer implements ir.Op.
func (d Dropout) Infer(in []ir.Type) ([]ir.Type, error) {
	if !(d.Rate >= 0 && d.Rate < 1) {
		return nil, shapeError("rate %g: it must lie in [0, 1)", d.Rate)
	}
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	return elementwise(in, 1)
}

// Lower implements ir.Op. It is the form of inference.
func (d Dropout) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewCopy(l.OutLen(0)) }

// Specialise implements ir.Modal.
func (d Dropout) Specialise(s *ir.Specialiser, in []ir.Value) ir.Value {
	if !s.Training || d.Rate == 0 {
		return in[0]
	}
	return ir.Value{Node: s.Emit(dropoutTraining{d.Rate, s.Stream()}, in[0])}
}

// dropoutTraining draws from a stream of random numbers of its own.
type dropoutTraining struct {
	rate   float32
	stream uint64
}

// Draws says that the operation draws random numbers, others in every run.
func Draws(o ir.Op) bool {
	_, ok := o.(dropoutTraining)
	return ok
}

// Kind implements ir.Op.
func (dropoutTraining) Kind() string { return "Dropout" }

// Infer implements ir.Op.
func (d dropoutTraining) Infer(in []ir.Type) ([]ir.Type, error) { return elementwise(in, 1) }

// Lower implements ir.Op.
func (d dropoutTraining) Lower(l *ir.Lowering) (ops.Primitive, error) {
	desc := ops.DropoutDesc{
		N: l.Batch, C: 1, Spatial: l.In[0].Elems(), P: d.rate, Stream: d.stream, Layout: l.In[0].Layout,
	}
	if l.In[0].Blockable() {
		desc.C, desc.Spatial = l.In[0].Dims[0], positions(l.In[0])
	}
	return ops.NewDropout(desc)
}

// Gradient implements ir.Differentiable: the same operation draws the same mask
// again.
func (d dropoutTraining) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(d, g.DOut()))
	}
}
