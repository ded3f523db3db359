package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// BatchNormInference is batch normalisation with given statistics. Its inputs are
// src, gamma, beta, mean and variance.
type BatchNormInference struct {
	Eps  float32
	Post ops.Activation // set by the compiler
}

// Kind implements ir.Op.
func (BatchNormInference) Kind() string { return "BatchNormInference" }

// Detail describes the operation in summaries.
func (b BatchNormInference) Detail() string { return fmt.Sprintf("eps %g%s", b.Eps, fused(b.Post)) }

// Infer implements ir.Op.
func (b BatchNormInference) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := normalisable(in, 5); err != nil {
		return nil, err
	}
	return in[:1:1], nil
}

// Lower implements ir.Op.
func (b BatchNormInference) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewBatchNormInference(normDesc(l.In[0], l.Batch, b.Eps, b.Post))
}

// BatchNormTraining is batch normalisation with the statistics of the batch. Its
// inputs are src, gamma and beta, its outputs dst, mean and variance.
type BatchNormTraining struct {
	Eps   float32
	Post  ops.Activation // set by the compiler, after differentiation
	Group *ir.Group      // of programs whose batches are one, or nil
}

// Kind implements ir.Op.
func (BatchNormTraining) Kind() string { return "BatchNormTraining" }

// Detail describes the operation in summaries.
func (b BatchNormTraining) Detail() string {
	group := ""
	if n := b.Group.Programs(); n > 1 {
		group = fmt.Sprintf(" over %d ranks", n)
	}
	return fmt.Sprintf("eps %g%s%s", b.Eps, group, fused(b.Post))
}

// Infer implements ir.Op.
func (b BatchNormTraining) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := normalisable(in, 3); err != nil {
		return nil, err
	}
	c := perFeature(in[0])
	return []ir.Type{in[0], c, c}, nil
}

// Lower implements ir.Op. A channel of one value, which has no variance, is an
// error.
func (b BatchNormTraining) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d := sharedNormDesc(l.In[0], l.Batch, b.Eps, b.Post, b.Group)
	if d.N*d.Spatial*b.Group.Programs() < 2 {
		return nil, unsupported("a batch of %d samples of %s in training: each channel must have at least 2 values", d.N, l.In[0])
	}
	return ops.NewBatchNorm(d)
}

// Gradient implements ir.Differentiable. Nothing flows through mean and variance:
// they only feed the averages.
func (b BatchNormTraining) Gradient(g *ir.Gradient) {
	if !g.Needs(0) && !g.Needs(gamma) && !g.Needs(beta) {
		return
	}
	mean, variance := g.Out(1), g.Out(2)
	n := g.EmitNode(batchNormBackward{b.Eps, b.Group}, g.DOut(), g.In(0), g.In(gamma), mean, variance)
	for i := range g.Inputs() {
		if g.Needs(i) {
			g.Set(i, ir.Value{Node: n, Index: i})
		}
	}
}

// batchNormBackward has the inputs diffDst, src, gamma, mean and variance, and the
// outputs diffSrc, diffGamma and diffBeta.
type batchNormBackward struct {
	eps   float32
	group *ir.Group
}

// Kind implements ir.Op.
func (batchNormBackward) Kind() string { return "BatchNormBackward" }

// Infer implements ir.Op.
func (b batchNormBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := arity(in, 5); err != nil {
		return nil, err
	}
	if err := normalisable(in[1:3], 2); err != nil {
		return nil, err
	}
	c := perFeature(in[1])
	return []ir.Type{in[1], c, c}, expect("diffDst", in[0], in[1])
}

// Lower implements ir.Op.
func (b batchNormBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewBatchNormBackward(sharedNormDesc(l.In[1], l.Batch, b.eps, ops.Activation{}, b.group))
}

// movingAverage is keep·running + (1 − keep)·batch, of the inputs batch and running.
type movingAverage struct {
	keep float32
	// positions, if not 0, says that the batch's value is a variance over
	// batch·positions elements, to be made unbiased: multiplied by m/(m − 1).
	positions int
}

// Kind implements ir.Op.
func (movingAverage) Kind() string { return "MovingAverage" }

// Infer implements ir.Op.
func (a movingAverage) Infer(in []ir.Type) ([]ir.Type, error) { return elementwise(in, 2) }

// Lower implements ir.Op.
func (a movingAverage) Lower(l *ir.Lowering) (ops.Primitive, error) {
	scale := float32(1)
	if m := float64(l.Batch * a.positions); m > 1 {
		scale = float32(m / (m - 1))
	}
	return ops.NewMovingAverage(l.OutLen(0), a.keep, scale)
}
