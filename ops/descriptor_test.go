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
		{"dropout: of everything", "probability 1", func() (Primitive, error) { return NewDropout(4, 1, 0) }},
		{"dropout: negative", "probability -0.1", func() (Primitive, error) { return NewDropout(4, -0.1, 0) }},
		{"dropout: NaN", "probability NaN", func() (Primitive, error) { return NewDropout(4, nan, 0) }},
		{"dropout: negative length", "-4 elements", func() (Primitive, error) { return NewDropout(-4, 0.5, 0) }},
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
		{"pad: negative", "axis W: padding 0 before and -1 after", func() (Primitive, error) { return NewPad(PadDesc{Outer: 1, In: [3]int{1, 1, 2}, Hi: [3]int{0, 0, -1}}) }},
		{"crop: of nothing", "crop: invalid descriptor: axis H: size 0", func() (Primitive, error) { return NewCrop(PadDesc{Outer: 1, In: [3]int{1, 0, 2}}) }},
		{"concat: of nothing", "no tensors", func() (Primitive, error) { return NewConcat(2, nil) }},
		{"concat: negative length", "negative", func() (Primitive, error) { return NewConcat(2, []int{3, -1}) }},
		{"slice: beyond the row", "3 elements from element 2 on of rows of 4", func() (Primitive, error) { return NewSlice(2, 4, 2, 3) }},
		{"slice: negative start", "from element -1", func() (Primitive, error) { return NewSlice(2, 4, -1, 3) }},
		{"slice: negative rows", "negative", func() (Primitive, error) { return NewSlice(-2, 4, 0, 3) }},
		{"reorder: unknown layout", "no such layout", func() (Primitive, error) { return NewReorder([]int{1, 2}, NCX, 9) }},
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
