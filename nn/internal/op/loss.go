package op

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Loss is the mean loss over a batch, a scalar, of the inputs pred and target: see
// [ops.LossDesc]. The target has the shape of pred, but for SoftmaxCE, whose pred
// is a vector of logits, or one for each step of a sequence, and whose target has 1
// feature in their place, the class.
//
// No gradient flows into target.
type Loss struct {
	Loss      ops.LossKind
	Smoothing float32 // in [0, 1], of SoftmaxCE alone
}

var lossKinds = map[ops.LossKind]string{
	ops.BCE: "BCE", ops.SoftmaxCE: "SoftmaxCE", ops.MSE: "MSE", ops.MAE: "MAE", ops.MAPE: "MAPE",
}

// Kind implements ir.Op: the loss's name.
func (o Loss) Kind() string {
	if name, ok := lossKinds[o.Loss]; ok {
		return name
	}
	return "Loss"
}

// Detail describes the operation in summaries.
func (o Loss) Detail() string {
	if o.Smoothing == 0 {
		return ""
	}
	return fmt.Sprintf("smoothing %g", o.Smoothing)
}

// Infer implements ir.Op.
func (o Loss) Infer(in []ir.Type) ([]ir.Type, error) {
	_, known := lossKinds[o.Loss]
	switch {
	case !known:
		return nil, unsupported("loss %s", o.Loss)
	case !(o.Smoothing >= 0 && o.Smoothing <= 1):
		return nil, shapeError("smoothing %g: it must lie in [0, 1]", o.Smoothing)
	case o.Smoothing != 0 && o.Loss != ops.SoftmaxCE:
		return nil, unsupported("smoothing of %s: it is for SoftmaxCE", o.Kind())
	}
	if err := samples(in, 2); err != nil {
		return nil, err
	}
	if o.Loss == ops.SoftmaxCE {
		return []ir.Type{ir.Whole()}, classes(in[0], in[1])
	}
	return []ir.Type{ir.Whole()}, alike(in, 2)
}

// classes checks the operands of SoftmaxCE.
func classes(logits, class ir.Type) error {
	if len(logits.Dims) != 1 && len(logits.Dims) != 2 {
		return shapeError("logits of %s: they must be a vector or a sequence", logits)
	}
	if want := withFeatures(logits, 1); !slices.Equal(class.Dims, want.Dims) {
		return shapeError("a target of %s: it must be %s, the class", class, want)
	}
	return nil
}

// Lower implements ir.Op.
func (o Loss) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewLoss(o.desc(l)) }

// Gradient implements ir.Differentiable.
func (o Loss) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(lossBackward{o}, g.In(0), g.In(1), g.DOut()))
	}
}

func (o Loss) desc(l *ir.Lowering) ops.LossDesc {
	d := ops.LossDesc{Kind: o.Loss, Rows: l.Batch, Cols: l.In[0].Elems(), Smoothing: o.Smoothing}
	if o.Loss == ops.SoftmaxCE {
		steps, n, _ := features(l.In[0])
		d.Rows, d.Cols = l.Batch*steps, n
	}
	return d
}

// lossBackward has the inputs pred, target and diffLoss.
type lossBackward struct{ of Loss }

// Kind implements ir.Op.
func (b lossBackward) Kind() string { return b.of.Kind() + "Backward" }

// Infer implements ir.Op.
func (b lossBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := arity(in, 3); err != nil {
		return nil, err
	}
	loss, err := b.of.Infer(in[:2])
	if err != nil {
		return nil, err
	}
	return in[:1:1], expect("diffLoss", in[2], loss[0])
}

// Lower implements ir.Op.
func (b lossBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewLossBackward(b.of.desc(l))
}

// WeightedSum is the weighted sum of scalars: the total of several losses.
type WeightedSum struct{ Weights []float32 }

// Kind implements ir.Op.
func (WeightedSum) Kind() string { return "WeightedSum" }

// Infer implements ir.Op.
func (s WeightedSum) Infer(in []ir.Type) ([]ir.Type, error) {
	if len(s.Weights) == 0 || len(in) != len(s.Weights) {
		return nil, shapeError("%d inputs with %d weights: there must be as many, and at least 1", len(in), len(s.Weights))
	}
	for i, t := range in {
		if err := expect(fmt.Sprintf("term %d", i), t, ir.Whole()); err != nil {
			return nil, err
		}
		if !finite(s.Weights[i]) {
			return nil, shapeError("weight %g: it must be finite", s.Weights[i])
		}
	}
	return []ir.Type{ir.Whole()}, nil
}

// Lower implements ir.Op.
func (s WeightedSum) Lower(*ir.Lowering) (ops.Primitive, error) {
	return ops.NewWeightedSum(s.Weights)
}

// Gradient implements ir.Differentiable.
func (s WeightedSum) Gradient(g *ir.Gradient) {
	for i, w := range s.Weights {
		if g.Needs(i) {
			g.Set(i, g.Emit(Scale{w}, g.DOut()))
		}
	}
}
