package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// BatchNorm is batch normalisation over the batch and all positions or steps of a
// channel or feature: see [ops.BatchNormDesc]. Its parameters are
// gamma, beta and the averages running_mean and running_var, which training keeps
// for inference:
//
//	running ← Momentum·running + (1 − Momentum)·batch
//
// with the unbiased variance of the batch. Momentum is Keras's, PyTorch's is
// 1 − Momentum. A frozen BatchNorm normalises by the batch like any other, but
// leaves the averages alone. In a group of programs the batch is that of all of them.
type BatchNorm struct {
	Eps, Momentum float32
	Gamma         ir.Initialiser // nil is 1
}

// Inputs of a BatchNorm after src.
const (
	gamma = 1 + iota
	beta
	runningMean
	runningVariance
)

// Kind implements ir.Op.
func (BatchNorm) Kind() string { return "BatchNorm" }

// Detail describes the operation in summaries.
func (b BatchNorm) Detail() string { return fmt.Sprintf("eps %g momentum %g", b.Eps, b.Momentum) }

// Variables implements ir.Parametric.
func (b BatchNorm) Variables(in []ir.Type) ([]ir.VariableSpec, error) {
	switch {
	case !(b.Eps > 0) || !finite(b.Eps):
		return nil, shapeError("eps %g: it must be positive", b.Eps)
	case !(b.Momentum >= 0 && b.Momentum <= 1):
		return nil, shapeError("momentum %g: it must lie in [0, 1]", b.Momentum)
	}
	if err := normalisable(in, 1); err != nil {
		return nil, err
	}
	c := perFeature(in[0]).Dims
	return []ir.VariableSpec{
		{Name: "gamma", Shape: c, Init: or(b.Gamma, Constant(1))},
		{Name: "beta", Shape: c, Init: Constant(0)},
		{Name: "running_mean", Shape: c, Role: ir.Statistic, Init: Constant(0)},
		{Name: "running_var", Shape: c, Role: ir.Statistic, Init: Constant(1)},
	}, nil
}

// Infer implements ir.Op.
func (b BatchNorm) Infer(in []ir.Type) ([]ir.Type, error) {
	if len(in) == 0 {
		return nil, arity(in, 1)
	}
	if _, err := b.Variables(in[:1]); err != nil {
		return nil, err
	}
	return b.inference().Infer(in)
}

// Lower implements ir.Op. It is the form of inference.
func (b BatchNorm) Lower(l *ir.Lowering) (ops.Primitive, error) { return b.inference().Lower(l) }

func (b BatchNorm) inference() BatchNormInference { return BatchNormInference{Eps: b.Eps} }

// Specialise implements ir.Modal.
func (b BatchNorm) Specialise(s *ir.Specialiser, in []ir.Value) ir.Value {
	if !s.Training {
		return ir.Value{Node: s.Emit(b.inference(), in...)}
	}
	n := s.Emit(BatchNormTraining{Eps: b.Eps, Group: s.Group}, in[:runningMean]...)
	if !s.Frozen {
		b.average(s, in[runningMean], ir.Value{Node: n, Index: 1}, 0)
		b.average(s, in[runningVariance], ir.Value{Node: n, Index: 2}, positions(in[0].Type()))
	}
	return ir.Value{Node: n}
}

// average updates a running statistic.
func (b BatchNorm) average(s *ir.Specialiser, running, batch ir.Value, positions int) {
	n := s.Emit(movingAverage{keep: b.Momentum, positions: positions * s.Group.Programs()}, batch, running)
	s.Update(running, ir.Value{Node: n})
}

// normalisable checks the operands of batch normalisation: a sample and, after it,
// vectors of a value for each channel.
func normalisable(in []ir.Type, n int) error {
	if err := arity(in, n); err != nil {
		return err
	}
	if err := samples(in[:1], 1); err != nil {
		return err
	}
	if len(in[0].Dims) == 0 {
		return shapeError("a sample of %s: it must have channels or features", in[0])
	}
	for i, t := range in[1:] {
		if err := expect([...]string{"gamma", "beta", "mean", "variance"}[i], t, perFeature(in[0])); err != nil {
			return err
		}
	}
	return nil
}

// perFeature is the type of a value for each channel or feature.
func perFeature(src ir.Type) ir.Type { return ir.Whole(src.Dims[featureAxis(src)]) }

// positions is the number of values that a sample has for each channel or feature.
func positions(src ir.Type) int { return src.Elems() / src.Dims[featureAxis(src)] }

// sharedNormDesc is normDesc for a program of a group; g may be nil.
func sharedNormDesc(src ir.Type, batch int, eps float32, post ops.Activation, g *ir.Group) ops.BatchNormDesc {
	d := normDesc(src, batch, eps, post)
	if g != nil {
		d.Sum = g.Sum
	}
	return d
}

// normDesc is the descriptor for a source.
func normDesc(src ir.Type, batch int, eps float32, post ops.Activation) ops.BatchNormDesc {
	before, n, after := features(src)
	return ops.BatchNormDesc{N: batch * before, C: n, Spatial: after, Eps: eps, Post: post, Layout: src.Layout}
}
