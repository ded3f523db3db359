package op

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Concat joins the channels or features of samples; of sequences, those of each step.
type Concat struct{}

// Kind implements ir.Op.
func (Concat) Kind() string { return "Concat" }

// Infer implements ir.Op.
func (Concat) Infer(in []ir.Type) ([]ir.Type, error) {
	if len(in) == 0 {
		return nil, shapeError("0 inputs: there must be at least 1")
	}
	if err := samples(in, len(in)); err != nil {
		return nil, err
	}
	total := 0
	for _, t := range in {
		switch {
		case len(t.Dims) == 0 || len(in[0].Dims) == 0:
			return nil, shapeError("a sample of %s: it must have channels or features", ir.Sample())
		case !slices.Equal(withFeatures(t, 0).Dims, withFeatures(in[0], 0).Dims):
			return nil, shapeError("shapes differ in more than the channels: %s and %s", in[0], t)
		}
		total += t.Dims[featureAxis(t)]
	}
	return one(withFeatures(in[0], total))
}

// Lower implements ir.Op.
func (Concat) Lower(l *ir.Lowering) (ops.Primitive, error) {
	before, _, after := features(l.Out[0])
	d := ops.ConcatDesc{N: l.Batch * before, Spatial: after, Layout: l.Out[0].Layout}
	for _, t := range l.In {
		d.C = append(d.C, t.Dims[featureAxis(t)])
	}
	return ops.NewConcatChannels(d)
}

// Gradient implements ir.Differentiable: every input has its part.
func (Concat) Gradient(g *ir.Gradient) {
	start := 0
	for i := range g.Inputs() {
		_, length, _ := features(g.In(i).Type())
		if g.Needs(i) {
			g.Set(i, g.Emit(slice{start, length}, g.DOut()))
		}
		start += length
	}
}

// slice takes length channels or features from start on.
type slice struct{ start, length int }

// Kind implements ir.Op.
func (slice) Kind() string { return "Slice" }

// Detail describes the operation in summaries.
func (s slice) Detail() string { return fmt.Sprintf("%d to %d", s.start, s.start+s.length-1) }

// Infer implements ir.Op.
func (s slice) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	return one(withFeatures(in[0], s.length))
}

// Lower implements ir.Op.
func (s slice) Lower(l *ir.Lowering) (ops.Primitive, error) {
	before, n, after := features(l.In[0])
	return ops.NewSliceChannels(ops.SliceDesc{
		N: l.Batch * before, C: n, Spatial: after, Start: s.start, Count: s.length, Layout: l.In[0].Layout,
	})
}

// withFeatures is a sample type with another number of channels or features.
func withFeatures(t ir.Type, n int) ir.Type {
	dims := slices.Clone(t.Dims)
	dims[featureAxis(t)] = n
	return ir.Sample(dims...)
}
