package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Dense is the affine map of a vector, or of every step of a sequence,
// dst = weights·src + bias. Its weights are Units, F.
type Dense struct {
	Units    int
	Bias     bool
	Init     ir.Initialiser // of the weights; nil is GlorotUniform
	BiasInit ir.Initialiser // nil is 0
	Post     ops.Activation // set by the compiler, after differentiation
}

// Kind implements ir.Op.
func (Dense) Kind() string { return "Dense" }

// Detail describes the operation in summaries.
func (d Dense) Detail() string {
	return fmt.Sprintf("%d units%s%s", d.Units, unbiased(d.Bias), fused(d.Post))
}

// Variables implements ir.Parametric.
func (d Dense) Variables(in []ir.Type) ([]ir.VariableSpec, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	switch {
	case len(in[0].Dims) != 1 && len(in[0].Dims) != 2:
		return nil, shapeError("a sample of %s: it must be a vector or a sequence; flatten it", in[0])
	case d.Units < 1:
		return nil, shapeError("%d units: there must be at least 1", d.Units)
	}
	_, n, _ := features(in[0])
	w := ir.VariableSpec{Shape: []int{d.Units, n}, FanIn: n, FanOut: d.Units}
	return variables(w, d.Init, d.BiasInit, d.Bias, d.Units)
}

// Infer implements ir.Op.
func (d Dense) Infer(in []ir.Type) ([]ir.Type, error) { return infer(d, in) }

// Lower implements ir.Op.
func (d Dense) Lower(l *ir.Lowering) (ops.Primitive, error) { return lower(d, l) }

// Gradient implements ir.Differentiable.
func (d Dense) Gradient(g *ir.Gradient) { differentiate(d, g) }

// MACs implements ir.Counted.
func (d Dense) MACs(in, _ []ir.Type) int64 { return int64(d.Units) * int64(in[0].Elems()) }

func (d Dense) result(src ir.Type) (ir.Type, error) { return withFeatures(src, d.Units), nil }

func (d Dense) primitives(src ir.Type, n int, _ places) (passes, error) {
	steps, f, _ := features(src)
	desc := ops.InnerProductDesc{N: n * steps, IC: f, OC: d.Units, Bias: d.Bias, Post: d.Post}
	return on(desc, ops.NewInnerProduct, ops.NewInnerProductBackwardData, ops.NewInnerProductBackwardWeights), nil
}
