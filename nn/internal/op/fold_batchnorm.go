package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// FoldBatchNorm makes batch normalisation with given statistics part of the operation
// before it, whose weights are given: see [ops.FoldBatchNormDesc]. after is that
// operation with a bias; its weights and its bias are the outputs of folded.
//
// ok is false for an operation that is no convolution, deconvolution or dense layer,
// or that has an activation.
func FoldBatchNorm(before ir.Op, weights ir.Type, b BatchNormInference) (folded FoldedBatchNorm, after ir.Op, ok bool) {
	var post ops.Activation
	split := 0 // the axis of the output channels
	folded = FoldedBatchNorm{ops.FoldBatchNormDesc{Groups: 1, Eps: b.Eps}}
	switch o := before.(type) {
	case Conv:
		folded.desc.Bias, post = o.Bias, o.Post
		o.Bias = true
		after = o
	case Dense:
		folded.desc.Bias, post = o.Bias, o.Post
		o.Bias = true
		after = o
	case Deconv:
		folded.desc.Bias, folded.desc.Groups, post = o.Bias, o.Groups, o.Post
		o.Bias, split = true, 1
		after = o
	default:
		return folded, nil, false
	}
	folded.desc.In = ir.Whole(weights.Dims[:split]...).Elems() / folded.desc.Groups
	folded.desc.Out = weights.Dims[split]
	folded.desc.Taps = ir.Whole(weights.Dims[split+1:]...).Elems()
	return folded, after, post.Kind == ops.Identity
}

// FoldedBatchNorm are the weights and the bias of an operation that includes batch
// normalisation. Its inputs are the weights and the bias, if there is one, without it,
// then gamma, beta, mean and variance.
type FoldedBatchNorm struct{ desc ops.FoldBatchNormDesc }

// Kind implements ir.Op.
func (FoldedBatchNorm) Kind() string { return "FoldedBatchNorm" }

// Infer implements ir.Op.
func (f FoldedBatchNorm) Infer(in []ir.Type) ([]ir.Type, error) {
	channels := ir.Whole(f.desc.Groups * f.desc.Out)
	names := []string{"bias", "gamma", "beta", "mean", "variance"}
	if !f.desc.Bias {
		names = names[1:]
	}
	if err := arity(in, 1+len(names)); err != nil {
		return nil, err
	}
	if in[0].Batched || in[0].Elems() != f.desc.Len() {
		return nil, shapeError("weights of %s: there must be %d", in[0], f.desc.Len())
	}
	for i, name := range names {
		if err := expect(name, in[1+i], channels); err != nil {
			return nil, err
		}
	}
	return []ir.Type{in[0], channels}, nil
}

// Lower implements ir.Op.
func (f FoldedBatchNorm) Lower(*ir.Lowering) (ops.Primitive, error) {
	return ops.NewFoldBatchNorm(f.desc)
}
