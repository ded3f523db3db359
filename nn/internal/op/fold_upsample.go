package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// FoldUpsample makes one deconvolution of nearest up-sampling and the convolution
// behind it: see [ops.FoldUpsampleDesc]. Its weights are made by the operation that
// comes with it from those of the convolution. src is what is up-sampled.
//
// It is false where the two cannot be one, or where that saves no multiplications.
func FoldUpsample(u Upsample, c Conv, src ir.Type) (weights FoldedWeights, both Deconv, ok bool) {
	up, err := u.Infer([]ir.Type{src})
	if err != nil || u.Rank != c.Window.Rank {
		return weights, both, false
	}
	conv, err := c.desc(up)
	if err != nil || conv.Stride != [3]int{1, 1, 1} || conv.Dilation != [3]int{1, 1, 1} {
		return weights, both, false
	}
	weights = FoldedWeights{Rank: u.Rank, desc: ops.FoldUpsampleDesc{
		OC: conv.OC, IC: conv.IC, Groups: conv.Groups, Kernel: conv.Kernel, Scale: u.Scale,
	}}
	w := Window{Rank: u.Rank, Kernel: weights.desc.Folded(), Stride: u.Scale, Dilation: conv.Dilation}
	for a, k := range conv.Kernel {
		w.PadLo[a], w.PadHi[a] = k-1-conv.PadLo[a], k-1-conv.PadHi[a]
		if min(w.PadLo[a], w.PadHi[a]) < 0 {
			return weights, both, false // outputs that see padding alone
		}
	}
	both = Deconv{Filters: c.Filters, Groups: c.Groups, Window: w, Bias: c.Bias, Init: c.Init, BiasInit: c.BiasInit, Post: c.Post}
	return weights, both, both.MACs([]ir.Type{src}, nil) < conv.MACs()
}

// FoldedWeights are the weights of the deconvolution that [FoldUpsample] makes, as a
// function of the convolution's.
type FoldedWeights struct {
	Rank int // 2 or 3
	desc ops.FoldUpsampleDesc
}

// Kind implements ir.Op.
func (FoldedWeights) Kind() string { return "FoldedWeights" }

// Infer implements ir.Op.
func (f FoldedWeights) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := arity(in, 1); err != nil {
		return nil, err
	}
	return []ir.Type{f.folded()}, expect("weights", in[0], f.given())
}

// given is the type of the convolution's weights.
func (f FoldedWeights) given() ir.Type { return f.typ(f.desc.OC, f.desc.IC, f.desc.Kernel) }

// folded is the type of the deconvolution's.
func (f FoldedWeights) folded() ir.Type { return f.typ(f.desc.IC, f.desc.OC, f.desc.Folded()) }

func (f FoldedWeights) typ(first, second int, kernel [3]int) ir.Type {
	return ir.Whole(append([]int{first, second / f.desc.Groups}, kernel[3-f.Rank:]...)...)
}

// Lower implements ir.Op.
func (f FoldedWeights) Lower(*ir.Lowering) (ops.Primitive, error) { return ops.NewFoldUpsample(f.desc) }

// Gradient implements ir.Differentiable.
func (f FoldedWeights) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(foldedWeightsBackward{f}, g.DOut()))
	}
}

type foldedWeightsBackward struct{ of FoldedWeights }

// Kind implements ir.Op.
func (foldedWeightsBackward) Kind() string { return "FoldedWeightsBackward" }

// Infer implements ir.Op.
func (b foldedWeightsBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	return undo(b.of, b.of.given(), in)
}

// Lower implements ir.Op.
func (b foldedWeightsBackward) Lower(*ir.Lowering) (ops.Primitive, error) {
	return ops.NewFoldUpsampleBackward(b.of.desc)
}
