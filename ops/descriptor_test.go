package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pooled is a good descriptor with one thing changed.
func pooled(change func(d *PoolingDesc)) PoolingDesc {
	d := PoolingDesc{
		N: 2, C: 3, In: [3]int{1, 8, 8}, Out: [3]int{1, 4, 4},
		Kernel: [3]int{1, 2, 2}, Stride: [3]int{1, 2, 2},
	}
	change(&d)
	return d
}

// convolved is a good descriptor with one thing changed.
func convolved(change func(d *ConvDesc)) ConvDesc {
	d := ConvDesc{N: 2, IC: 4, OC: 6, In: [3]int{1, 8, 8}, Kernel: [3]int{1, 3, 3}}.complete()
	change(&d)
	return d
}

// deconvolved is a good descriptor with one thing changed.
func deconvolved(change func(d *DeconvDesc)) DeconvDesc {
	d := DeconvDesc{N: 2, IC: 4, OC: 6, In: [3]int{1, 8, 8}, Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 2, 2}}.complete()
	change(&d)
	return d
}

func TestBadDescriptors(t *testing.T) {
	nan := float32(math.NaN())
	type made = func() (Primitive, error)
	for _, tc := range []struct {
		name, says string
		make       made
	}{
		{"activation: identity", "leave it out", func() (Primitive, error) { return NewActivation(Activation{}, 4) }},
		{"activation: unknown", "unknown activation 99", func() (Primitive, error) { return NewActivation(Activation{Kind: 99}, 4) }},
		{"activation: negative slope", "leaky_relu with alpha -1", func() (Primitive, error) { return NewActivation(Activation{LeakyReLU, -1}, 4) }},
		{"activation: slope NaN", "elu with alpha NaN", func() (Primitive, error) { return NewActivationBackward(Activation{ELU, nan}, 4) }},
		{"activation: negative length", "[-1]: none may be negative", func() (Primitive, error) { return NewActivationBackward(Activation{Kind: ReLU}, -1) }},
		{"sum: of nothing", "0 tensors", func() (Primitive, error) { return NewSum(4, 0) }},
		{"sum: negative length", "negative", func() (Primitive, error) { return NewSum(-4, 2) }},
		{"mul: negative length", "negative", func() (Primitive, error) { return NewMul(-4) }},
		{"scale: negative length", "negative", func() (Primitive, error) { return NewScale(-4, 1) }},
		{"copy: negative length", "negative", func() (Primitive, error) { return NewCopy(-4) }},
		{"reduce: negative rows", "[-1 3]", func() (Primitive, error) { return NewReduce(-1, 3, false) }},
		{"reduce: more than memory", "too many elements", func() (Primitive, error) { return NewReduce(math.MaxInt/2, 3, false) }},
		{"broadcast: negative rows", "negative", func() (Primitive, error) { return NewBroadcast(3, -1, 1) }},
		{"weighted sum: of nothing", "no weights", func() (Primitive, error) { return NewWeightedSum(nil) }},
		{"dropout: of everything", "probability 1", func() (Primitive, error) { return NewDropout(DropoutDesc{N: 4, C: 1, Spatial: 1, P: 1, Stream: 0}) }},
		{"dropout: negative", "probability -0.1", func() (Primitive, error) { return NewDropout(DropoutDesc{N: 4, C: 1, Spatial: 1, P: -0.1, Stream: 0}) }},
		{"dropout: NaN", "probability NaN", func() (Primitive, error) { return NewDropout(DropoutDesc{N: 4, C: 1, Spatial: 1, P: nan, Stream: 0}) }},
		{"dropout: negative length", "none may be negative", func() (Primitive, error) { return NewDropout(DropoutDesc{N: -4, C: 1, Spatial: 1, P: 0.5, Stream: 0}) }},
		{"dropout: channels in blocks", "NCX16c with rows of 8 elements: there is no kernel", func() (Primitive, error) {
			return NewDropout(DropoutDesc{N: 16, C: 2, Spatial: 4, P: 0.5, Layout: NCX16c})
		}},
		{"dropout: rows of broken blocks", "NCX16n with rows of 6 elements: there is no kernel", func() (Primitive, error) {
			return NewDropout(DropoutDesc{N: 16, C: 2, Spatial: 3, P: 0.5, Layout: NCX16n})
		}},
		{"dropout: a block not full", "a batch of 15", func() (Primitive, error) {
			return NewDropout(DropoutDesc{N: 15, C: 2, Spatial: 4, P: 0.5, Layout: NCX16n})
		}},
		{"folded batch normalisation: no taps", "1 groups x 1 x 4 x 0", func() (Primitive, error) {
			return NewFoldBatchNorm(FoldBatchNormDesc{Groups: 1, In: 1, Out: 4, Eps: 1})
		}},
		{"folded batch normalisation: eps NaN", "eps NaN", func() (Primitive, error) {
			return NewFoldBatchNorm(FoldBatchNormDesc{Groups: 1, In: 1, Out: 4, Taps: 9, Eps: nan})
		}},
		{"chain: with a softmax", "it must be elementwise", func() (Primitive, error) {
			sum, _ := NewSum(6, 2)
			softmax, _ := NewSoftmax(2, 3, 1)
			return NewChain(Link{sum, 2}, Link{softmax, 0})
		}},
		{"folded up-sampling: no filters", "4 to 0 in 1 groups", func() (Primitive, error) {
			return NewFoldUpsample(FoldUpsampleDesc{0, 4, 1, [3]int{1, 3, 3}, [3]int{1, 2, 2}})
		}},
		{"folded up-sampling: groups that divide nothing", "3 groups do not divide 4 input and 6 output", func() (Primitive, error) {
			return NewFoldUpsample(FoldUpsampleDesc{6, 4, 3, [3]int{1, 3, 3}, [3]int{1, 2, 2}})
		}},
		{"folded up-sampling: scale 0", "axis W: kernel 3, scale 0", func() (Primitive, error) {
			return NewFoldUpsampleBackward(FoldUpsampleDesc{6, 4, 1, [3]int{1, 3, 3}, [3]int{1, 2, 0}})
		}},
		{"softmax: over nothing", "axis of length 0", func() (Primitive, error) { return NewSoftmax(2, 0, 3) }},
		{"softmax: negative", "negative", func() (Primitive, error) { return NewSoftmaxBackward(-2, 1, 3) }},
		{"loss: unknown", "unknown kind 99", func() (Primitive, error) { return NewLoss(LossDesc{Kind: 99, Rows: 1, Cols: 1}) }},
		{"loss: no columns", "0 columns", func() (Primitive, error) { return NewLoss(LossDesc{Kind: MSE, Rows: 1}) }},
		{"loss: negative rows", "negative", func() (Primitive, error) { return NewLossBackward(LossDesc{Kind: MSE, Rows: -1, Cols: 1}) }},
		{"loss: smoothing above 1", "smoothing 1.5", func() (Primitive, error) { return NewLoss(LossDesc{Kind: SoftmaxCE, Rows: 1, Cols: 1, Smoothing: 1.5}) }},
		{"loss: smoothing of a regression", "only softmax_ce", func() (Primitive, error) {
			return NewLossBackward(LossDesc{Kind: MSE, Rows: 1, Cols: 1, Smoothing: 0.1})
		}},
		{"batch norm: no channels", "0 channels", func() (Primitive, error) { return NewBatchNorm(BatchNormDesc{N: 1, Spatial: 2, Eps: 1}) }},
		{"batch norm: eps forgotten", "eps 0", func() (Primitive, error) { return NewBatchNorm(BatchNormDesc{N: 1, C: 1, Spatial: 2}) }},
		{"batch norm: eps NaN", "eps NaN", func() (Primitive, error) {
			return NewBatchNormBackward(BatchNormDesc{N: 1, C: 1, Spatial: 2, Eps: nan})
		}},
		{"batch norm: negative batch", "negative", func() (Primitive, error) {
			return NewBatchNormInference(BatchNormDesc{N: -1, C: 1, Spatial: 2, Eps: 1})
		}},
		{"batch norm: bad activation", "unknown activation", func() (Primitive, error) {
			return NewBatchNorm(BatchNormDesc{N: 1, C: 1, Spatial: 2, Eps: 1, Post: Activation{Kind: 77}})
		}},
		{"batch norm: unknown layout", "layout Layout(9): there is none", func() (Primitive, error) {
			return NewBatchNormBackward(BatchNormDesc{N: 16, C: 1, Spatial: 2, Eps: 1, Layout: 9})
		}},
		{"moving average: keep above 1", "keep 1.1", func() (Primitive, error) { return NewMovingAverage(3, 1.1, 1) }},
		{"moving average: negative length", "negative", func() (Primitive, error) { return NewMovingAverage(-3, 1, 1) }},
		{"pooling: unknown", "unknown kind 9", func() (Primitive, error) { return NewPooling(pooled(func(d *PoolingDesc) { d.Kind = 9 })) }},
		{"pooling: negative batch", "negative", func() (Primitive, error) { return NewPooling(pooled(func(d *PoolingDesc) { d.N = -1 })) }},
		{"pooling: no stride", "axis H: input 8, kernel 2, stride 0", func() (Primitive, error) { return NewPoolingBackward(pooled(func(d *PoolingDesc) { d.Stride[1] = 0 })) }},
		{"pooling: padding as large as the kernel", "axis W: padding 2 before", func() (Primitive, error) { return NewPooling(pooled(func(d *PoolingDesc) { d.PadLo[2] = 2 })) }},
		{"pooling: kernel beyond the input", "axis H: kernel 19 is larger", func() (Primitive, error) { return NewPooling(pooled(func(d *PoolingDesc) { d.Kernel[1] = 19 })) }},
		{"pooling: wrong size", "axis W: output size 5, where the windows number 4", func() (Primitive, error) { return NewPooling(pooled(func(d *PoolingDesc) { d.Out[2] = 5 })) }},
		{"upsample: scale forgotten", "axis D: input 2, scale 0", func() (Primitive, error) { return NewUpsample(UpsampleDesc{N: 1, C: 1, In: [3]int{2, 2, 2}}) }},
		{"upsample: negative batch", "negative", func() (Primitive, error) {
			return NewUpsampleBackward(UpsampleDesc{N: -1, C: 1, In: [3]int{1, 1, 1}, Scale: [3]int{1, 1, 1}})
		}},
		{"pad: negative", "axis W: padding 0 before and -1 after", func() (Primitive, error) {
			return NewPad(PadDesc{N: 1, C: 1, In: [3]int{1, 1, 2}, Hi: [3]int{0, 0, -1}})
		}},
		{"crop: of nothing", "crop: invalid descriptor: axis H: size 0", func() (Primitive, error) { return NewCrop(PadDesc{N: 1, C: 1, In: [3]int{1, 0, 2}}) }},
		{"concat: of nothing", "no tensors", func() (Primitive, error) { return NewConcat(2, nil) }},
		{"concat: negative length", "negative", func() (Primitive, error) { return NewConcat(2, []int{3, -1}) }},
		{"concat: negative channels", "negative", func() (Primitive, error) { return NewConcatChannels(ConcatDesc{N: 2, C: []int{3, -1}, Spatial: 2}) }},
		{"concat: of no tensors in blocks", "no tensors", func() (Primitive, error) { return NewConcatChannels(ConcatDesc{N: 2, Spatial: 2, Layout: NCX16c}) }},
		{"slice: beyond the channels", "3 channels from channel 2 on of 4", func() (Primitive, error) {
			return NewSliceChannels(SliceDesc{N: 2, C: 4, Spatial: 5, Start: 2, Count: 3, Layout: NCX16c})
		}},
		{"spatial reduce: negative", "negative", func() (Primitive, error) { return NewSpatialReduce(SpatialDesc{N: 2, C: -4, Spatial: 5}) }},
		{"slice: beyond the row", "3 elements from element 2 on of rows of 4", func() (Primitive, error) { return NewSlice(2, 4, 2, 3) }},
		{"slice: negative start", "from element -1", func() (Primitive, error) { return NewSlice(2, 4, -1, 3) }},
		{"slice: negative rows", "negative", func() (Primitive, error) { return NewSlice(-2, 4, 0, 3) }},
		{"reorder: unknown layout", "no such layout", func() (Primitive, error) { return NewReorder([]int{1, 2}, NCX, 9) }},
		{"conv: negative batch", "convolution: invalid descriptor: batch -1", func() (Primitive, error) { return NewConv(convolved(func(d *ConvDesc) { d.N = -1 })) }},
		{"conv: no channels", "channels 0 to 6", func() (Primitive, error) { return NewConvBackwardData(convolved(func(d *ConvDesc) { d.IC = 0 })) }},
		{"conv: groups forgotten", "in 0 groups", func() (Primitive, error) {
			return NewConvBackwardWeights(convolved(func(d *ConvDesc) { d.Groups = 0 }))
		}},
		{"conv: groups that do not divide", "3 groups do not divide 4 input and 6 output", func() (Primitive, error) { return NewConv(convolved(func(d *ConvDesc) { d.Groups = 3 })) }},
		{"conv: dilation forgotten", "axis W: input 8, kernel 3, stride 1, dilation 0", func() (Primitive, error) { return NewConv(convolved(func(d *ConvDesc) { d.Dilation[2] = 0 })) }},
		{"conv: negative padding", "axis H: padding 0 before and -1 after", func() (Primitive, error) { return NewConv(convolved(func(d *ConvDesc) { d.PadHi[1] = -1 })) }},
		{"conv: kernel beyond the input", "axis H: kernel 5 with dilation 2 is larger than the padded input 8", func() (Primitive, error) {
			return NewConv(convolved(func(d *ConvDesc) { d.Kernel[1], d.Dilation[1] = 5, 2 }))
		}},
		{"conv: wrong size", "axis W: output size 8, where the window takes 6 positions", func() (Primitive, error) { return NewConv(convolved(func(d *ConvDesc) { d.Out[2] = 8 })) }},
		{"conv: bad activation", "unknown activation 77", func() (Primitive, error) { return NewConv(convolved(func(d *ConvDesc) { d.Post.Kind = 77 })) }},
		{"conv: more than memory", "too many elements", func() (Primitive, error) { return NewConv(convolved(func(d *ConvDesc) { d.N = math.MaxInt / 9 })) }},
		{"deconv: negative batch", "deconvolution: invalid descriptor: batch -1", func() (Primitive, error) { return NewDeconv(deconvolved(func(d *DeconvDesc) { d.N = -1 })) }},
		{"deconv: no channels", "channels 4 to 0", func() (Primitive, error) { return NewDeconvBackwardData(deconvolved(func(d *DeconvDesc) { d.OC = 0 })) }},
		{"deconv: groups that do not divide", "4 groups do not divide 4 input and 6 output", func() (Primitive, error) {
			return NewDeconvBackwardWeights(deconvolved(func(d *DeconvDesc) { d.Groups = 4 }))
		}},
		{"deconv: kernel forgotten", "axis H: input 8, kernel 0", func() (Primitive, error) { return NewDeconv(deconvolved(func(d *DeconvDesc) { d.Kernel[1] = 0 })) }},
		{"deconv: negative output padding", "axis W: padding 0 before, 0 after and -1 of the output", func() (Primitive, error) {
			return NewDeconv(deconvolved(func(d *DeconvDesc) { d.OutPad[2] = -1 }))
		}},
		{"deconv: output padding of a stride", "output padding 2 must be less than stride 2 or dilation 1", func() (Primitive, error) {
			return NewDeconv(deconvolved(func(d *DeconvDesc) { d.OutPad[2] = 2 }))
		}},
		{"deconv: cropped to nothing", "axis W: padding 9 before and 8 after leaves nothing", func() (Primitive, error) {
			return NewDeconv(deconvolved(func(d *DeconvDesc) { d.PadLo[2], d.PadHi[2] = 9, 8 }))
		}},
		{"deconv: wrong size", "axis H: output size 16, where the kernels cover 17", func() (Primitive, error) { return NewDeconv(deconvolved(func(d *DeconvDesc) { d.Out[1] = 16 })) }},
		{"deconv: bad activation", "elu with alpha -1", func() (Primitive, error) {
			return NewDeconv(deconvolved(func(d *DeconvDesc) { d.Post = Activation{ELU, -1} }))
		}},
		{"deconv: more than memory", "deconvolution: invalid descriptor: sizes", func() (Primitive, error) {
			return NewDeconv(deconvolved(func(d *DeconvDesc) { d.N = math.MaxInt / 9 }))
		}},
		{"inner product: negative batch", "inner product: invalid descriptor: batch -1", func() (Primitive, error) { return NewInnerProduct(InnerProductDesc{N: -1, IC: 1, OC: 1}) }},
		{"inner product: no channels", "channels 3 to 0", func() (Primitive, error) { return NewInnerProductBackwardData(InnerProductDesc{N: 1, IC: 3}) }},
		{"inner product: more than memory", "too many elements", func() (Primitive, error) {
			return NewInnerProductBackwardWeights(InnerProductDesc{N: 1, IC: math.MaxInt / 2, OC: 8})
		}},
		{"inner product: bad activation", "alpha NaN", func() (Primitive, error) {
			return NewInnerProduct(InnerProductDesc{N: 1, IC: 1, OC: 1, Post: Activation{LeakyReLU, nan}})
		}},
		{"reorder: negative size", "negative", func() (Primitive, error) { return NewReorder([]int{1, -2}, NCX, NCX16c) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := tc.make()
			require.ErrorIs(t, err, ErrDescriptor)
			assert.ErrorContains(t, err, "ops: ")
			assert.ErrorContains(t, err, tc.says)
			assert.Nil(t, p)
		})
	}
}

func TestNames(t *testing.T) {
	assert.Equal(t, "gelu", GELU.String())
	assert.Equal(t, "ActivationKind(99)", ActivationKind(99).String())
	assert.Equal(t, "mape", MAPE.String())
	assert.Equal(t, "LossKind(99)", LossKind(99).String())
	assert.Equal(t, "pooling_avg", AveragePooling.String())
	assert.Equal(t, "PoolingKind(9)", PoolingKind(9).String())
}
