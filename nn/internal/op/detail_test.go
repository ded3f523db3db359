package op

import (
	"testing"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
)

func TestDetails(t *testing.T) {
	relu := ops.Activation{Kind: ops.ReLU}
	brick := same(cube(6, 1, 1, 0))
	brick.Kernel[2] = 8
	for _, tc := range []struct {
		op interface {
			Kind() string
			Detail() string
		}
		kind, detail string
	}{
		{Conv{Filters: 64, Groups: 1, Window: brick, Bias: true}, "Conv", "64 filters 6x6x8 same"},
		{Conv{Filters: 64, Groups: 2, Window: square(3, 2, 1, 1), Post: relu}, "Conv", "64 filters 3x3 stride 2x2 pad 1x1 2 groups no bias + ReLU"},
		{Conv{Filters: 1, Groups: 1, Window: with(square(3, 1, 2, 0), func(w *Window) { w.PadHi[2] = 1 }), Bias: true}, "Conv", "1 filters 3x3 dilation 2x2 pad 0x0 before 0x1 after"},
		{Deconv{Filters: 4, Groups: 1, Window: with(square(4, 2, 1, 0), func(w *Window) { w.OutPad[1] = 1 }), Bias: true}, "Deconv", "4 filters 4x4 stride 2x2 output pad 1x0"},
		{Dense{Units: 10, Bias: true}, "Dense", "10 units"},
		{Dense{Units: 10, Post: relu}, "Dense", "10 units no bias + ReLU"},
		{RNN{Units: 8, Fn: relu, Bias: true}, "RNN", "8 units relu"},
		{RNN{Cell: ops.LSTM, Units: 8, Reverse: true}, "LSTM", "8 units reverse no bias"},
		{RNN{Cell: ops.LBRGRU, Units: 8, Bias: true}, "GRU", "8 units"},
		{rnnTraining{RNN{Cell: ops.GRU, Units: 8, Bias: true}}, "GRUTraining", "8 units reset before"},
		{rnnInference{RNN{Cell: ops.GRU, Units: 8, Bias: true}}, "GRUInference", "8 units reset before"},
		{Step{3}, "Step", "3"},
		{Repeat{3}, "Repeat", "3 steps"},
		{Transpose{1}, "Transpose", "1 and 2"},
		{Activation{relu}, "ReLU", ""},
		{Activation{ops.Activation{Kind: ops.LeakyReLU, Alpha: 0.3}}, "LeakyReLU", "slope 0.3"},
		{Activation{ops.Activation{Kind: ops.ELU, Alpha: 1}}, "ELU", "alpha 1"},
		{Activation{ops.Activation{Kind: ops.Tanh}}, "Tanh", ""},
		{Activation{ops.Activation{Kind: ops.Sigmoid}}, "Sigmoid", ""},
		{Activation{ops.Activation{Kind: ops.Softplus}}, "Softplus", ""},
		{Activation{ops.Activation{Kind: ops.SiLU}}, "SiLU", ""},
		{Activation{ops.Activation{Kind: ops.GELU}}, "GELU", ""},
		{Activation{}, "Activation", ""},
		{BatchNorm{Eps: 1e-3, Momentum: 0.99}, "BatchNorm", "eps 0.001 momentum 0.99"},
		{BatchNormTraining{Eps: 1e-3}, "BatchNormTraining", "eps 0.001"},
		{BatchNormTraining{Eps: 1e-3, Group: &ir.Group{Size: 4}}, "BatchNormTraining", "eps 0.001 over 4 ranks"},
		{BatchNormInference{Eps: 1e-3, Post: relu}, "BatchNormInference", "eps 0.001 + ReLU"},
		{LRN{Size: 5, Alpha: 1e-4, Beta: 0.75, K: 2}, "LRN", "size 5 across channels alpha 0.0001 beta 0.75 k 2"},
		{LRN{Size: 3, Within: true, Alpha: 1, Beta: 0.5, K: 1}, "LRN", "size 3 within channels alpha 1 beta 0.5 k 1"},
		{Dropout{0.5}, "Dropout", "rate 0.5"},
		{Reshape{[]int{8, 7, 7}}, "Reshape", "to 8x7x7"},
		{Scale{0.5}, "Scale", "by 0.5"},
		{Pool{Window: square(2, 2, 1, 0)}, "MaxPool", "2x2"},
		{Pool{Mode: ops.AveragePooling, Window: square(3, 2, 1, 1), Ceil: true, CountPad: true}, "AvgPool", "3x3 stride 2x2 pad 1x1 ceil counting padding"},
		{Upsample{Scale: [3]int{1, 2, 3}, Rank: 2}, "Upsample", "by 2x3"},
		{Pad{Lo: [3]int{1, 2, 2}, Hi: [3]int{1, 2, 2}, Rank: 3}, "Pad", "1x2x2"},
		{Pad{Hi: [3]int{0, 1, 1}, Rank: 2}, "Pad", "0x0 before 1x1 after"},
		{Loss{Loss: ops.MAPE}, "MAPE", ""},
		{Loss{Loss: ops.SoftmaxCE, Smoothing: 0.1}, "SoftmaxCE", "smoothing 0.1"},
		{Loss{Loss: 99}, "Loss", ""},
		{Reorder{ops.NCX16c}, "Reorder", "to NCX16c"},
		{slice{3, 2}, "Slice", "3 to 4"},
	} {
		t.Run(tc.kind+" "+tc.detail, func(t *testing.T) {
			assert.Equal(t, tc.kind, tc.op.Kind())
			assert.Equal(t, tc.detail, tc.op.Detail())
		})
	}
}

// Explain shows the operations of the backward pass by their kinds.
func TestKindsOfTheBackwardPass(t *testing.T) {
	for kind, o := range map[string]ir.Op{
		"ConvBackwardData":      backwardData{Conv{}, ir.Type{}},
		"DeconvBackwardWeights": backwardWeights{Deconv{}},
		"DenseBackwardWeights":  backwardWeights{Dense{}},
		"LeakyReLUBackward":     activationBackward{Activation{ops.Activation{Kind: ops.LeakyReLU}}},
		"AvgPoolBackward":       poolBackward{of: Pool{Mode: ops.AveragePooling}},
		"SoftmaxCEBackward":     lossBackward{Loss{Loss: ops.SoftmaxCE}},
		"LRNBackward":           lrnBackward{},
		"UpsampleBackward":      upsampleBackward{},
		"Crop":                  crop{},
		"Broadcast":             broadcast{},
		"LSTMBackward":          rnnBackward{of: RNN{Cell: ops.LSTM}},
		"StepBackward":          stepBackward{},
		"RepeatBackward":        repeatBackward{},
		"StepMeanBackward":      stepMeanBackward{},
		"MovingAverage":         movingAverage{},
	} {
		assert.Equal(t, kind, o.Kind())
	}
}
