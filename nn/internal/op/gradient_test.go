package op

import (
	"math"
	"slices"
	"testing"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gradientCase is an operation whose gradient is compared with differences.
type gradientCase struct {
	name  string
	op    ir.Op
	batch int
	in    []ir.Type
	feed  func(x *trial) // changes the inputs
	fixed int            // the input that has no gradient; 0 is none, the first always has one
}

func gradientCases() []gradientCase {
	activation := func(kind ops.ActivationKind, alpha float32) ir.Op {
		return Activation{ops.Activation{Kind: kind, Alpha: alpha}}
	}
	vec := []ir.Type{ir.Sample(10)}
	image := []ir.Type{ir.Sample(2, 5, 4)}
	vol := []ir.Type{ir.Sample(2, 3, 4, 3)}
	seq := []ir.Type{ir.Sample(3, 4)}
	scalars := []ir.Type{ir.Whole(), ir.Whole(), ir.Whole()}
	asymmetric := cube(2, 1, 1, 0)
	asymmetric.PadLo, asymmetric.PadHi = [3]int{0, 1, 0}, [3]int{1, 0, 1}
	wider := square(3, 3, 1, 1)
	wider.OutPad = [3]int{0, 2, 1}
	return []gradientCase{
		{name: "conv of an image", op: Conv{Filters: 3, Groups: 1, Window: square(3, 2, 1, 1), Bias: true}, batch: 2, in: image},
		{name: "conv without bias", op: Conv{Filters: 3, Groups: 1, Window: square(2, 1, 2, 0)}, batch: 2, in: image},
		{name: "conv in groups", op: Conv{Filters: 4, Groups: 2, Window: cube(2, 1, 1, 0), Bias: true}, batch: 2, in: vol},
		{name: "conv same with an even kernel", op: Conv{Filters: 2, Groups: 1, Window: same(cube(2, 2, 1, 0))}, batch: 2, in: vol},
		{name: "conv with asymmetric padding", op: Conv{Filters: 2, Groups: 1, Window: asymmetric, Bias: true}, batch: 1, in: vol},
		{name: "deconv of an image", op: Deconv{Filters: 2, Groups: 1, Window: wider, Bias: true}, batch: 2, in: image},
		{name: "deconv same", op: Deconv{Filters: 2, Groups: 2, Window: same(cube(3, 2, 1, 0)), Bias: true}, batch: 1, in: vol},
		{name: "deconv same beyond the kernel", op: Deconv{Filters: 1, Groups: 1, Window: same(square(1, 2, 1, 0))}, batch: 1, in: image},
		{name: "dense", op: Dense{Units: 3, Bias: true}, batch: 4, in: vec},
		{name: "dense without bias", op: Dense{Units: 3}, batch: 4, in: vec},
		{name: "dense of every step", op: Dense{Units: 2, Bias: true}, batch: 2, in: seq},
		{name: "rnn", op: RNN{Units: 3, Fn: ops.Activation{Kind: ops.Tanh}, Bias: true}, batch: 2, in: seq},
		{name: "rnn without bias, sigmoid, reversed", op: RNN{Units: 2, Fn: ops.Activation{Kind: ops.Sigmoid}, Reverse: true}, batch: 2, in: seq},
		{name: "lstm", op: RNN{Cell: ops.LSTM, Units: 3, Bias: true}, batch: 2, in: seq},
		{name: "lstm without bias, reversed", op: RNN{Cell: ops.LSTM, Units: 2, Reverse: true}, batch: 3, in: seq},
		{name: "gru, reset before", op: RNN{Cell: ops.GRU, Units: 3, Bias: true}, batch: 2, in: seq},
		{name: "gru", op: RNN{Cell: ops.LBRGRU, Units: 3, Bias: true}, batch: 2, in: seq},
		{name: "gru of two steps without bias", op: RNN{Cell: ops.LBRGRU, Units: 2}, batch: 2, in: []ir.Type{ir.Sample(2, 4)}},
		{name: "first step", op: Step{0}, batch: 2, in: seq},
		{name: "step in the middle", op: Step{1}, batch: 2, in: seq},
		{name: "only step", op: Step{0}, batch: 2, in: []ir.Type{ir.Sample(1, 4)}},
		{name: "mean of steps", op: StepMean{}, batch: 2, in: seq},
		{name: "repeat", op: Repeat{4}, batch: 3, in: []ir.Type{ir.Sample(5)}},
		{name: "repeat once", op: Repeat{1}, batch: 3, in: []ir.Type{ir.Sample(5)}},
		{name: "transpose", op: Transpose{}, batch: 2, in: image},
		{name: "transpose the last two", op: Transpose{2}, batch: 1, in: vol},
		{name: "relu", op: activation(ops.ReLU, 0), batch: 3, in: vec},
		{name: "leaky relu", op: activation(ops.LeakyReLU, 0.3), batch: 3, in: vec},
		{name: "elu", op: activation(ops.ELU, 0.7), batch: 3, in: vec},
		{name: "tanh", op: activation(ops.Tanh, 0), batch: 3, in: vec},
		{name: "sigmoid", op: activation(ops.Sigmoid, 0), batch: 3, in: vec},
		{name: "softplus", op: activation(ops.Softplus, 0), batch: 3, in: vec},
		{name: "silu", op: activation(ops.SiLU, 0), batch: 3, in: vec},
		{name: "gelu", op: activation(ops.GELU, 0), batch: 3, in: vec},
		{name: "batch norm of features", op: BatchNorm{Eps: 1e-3, Momentum: 0.9}, batch: 5, in: []ir.Type{ir.Sample(3)}},
		{name: "batch norm of channels", op: BatchNorm{Eps: 1e-3, Momentum: 0.9}, batch: 2, in: image},
		{name: "lrn across channels", op: LRN{Rank: 2, Size: 3, Alpha: 1.5, Beta: 0.75, K: 1.2}, batch: 2, in: []ir.Type{ir.Sample(5, 2, 3)}},
		{name: "lrn within channels", op: LRN{Rank: 2, Within: true, Size: 3, Alpha: 1.5, Beta: 0.75, K: 1.2}, batch: 2, in: image},
		{name: "lrn within a volume", op: LRN{Rank: 3, Within: true, Size: 3, Alpha: 4, Beta: 0.5, K: 1.2}, batch: 1, in: vol},
		{name: "batch norm of a sequence", op: BatchNorm{Eps: 1e-3, Momentum: 0.9}, batch: 2, in: seq},
		{name: "dropout", op: Dropout{0.4}, batch: 3, in: vec},
		{name: "dropout of an image", op: Dropout{0.4}, batch: 2, in: image},
		{name: "softmax of features", op: Softmax{}, batch: 3, in: vec},
		{name: "softmax of channels", op: Softmax{}, batch: 2, in: image},
		{name: "softmax of every step", op: Softmax{}, batch: 2, in: seq},
		{name: "flatten", op: Flatten{}, batch: 2, in: vol},
		{name: "reshape", op: Reshape{[]int{5, 1, 2}}, batch: 2, in: vec},
		{name: "add", op: Add{}, batch: 2, in: []ir.Type{image[0], image[0], image[0]}},
		{name: "mul", op: Mul{}, batch: 2, in: []ir.Type{vec[0], vec[0]}},
		{name: "scale", op: Scale{-1.5}, batch: 2, in: vec},
		{name: "concat of features", op: Concat{}, batch: 2, in: []ir.Type{ir.Sample(3), ir.Sample(1), ir.Sample(4)}},
		{name: "concat of channels", op: Concat{}, batch: 2, in: []ir.Type{ir.Sample(3, 2, 2), ir.Sample(1, 2, 2)}},
		{name: "concat of every step", op: Concat{}, batch: 2, in: []ir.Type{ir.Sample(3, 2), ir.Sample(3, 1)}},
		{name: "sum", op: Sum{}, batch: 3, in: vol},
		{name: "mean", op: Mean{}, batch: 3, in: image},
		{name: "global average", op: Mean{Spatial: true}, batch: 3, in: image},
		{name: "max pool", op: Pool{Window: square(3, 2, 1, 1)}, batch: 2, in: image},
		{name: "max pool same", op: Pool{Window: same(cube(2, 2, 1, 0))}, batch: 1, in: vol},
		{name: "average pool", op: Pool{Mode: ops.AveragePooling, Window: square(3, 2, 1, 1)}, batch: 2, in: image},
		{name: "average pool, ceil, counting padding", op: Pool{Mode: ops.AveragePooling, Window: square(2, 3, 1, 1), Ceil: true, CountPad: true}, batch: 2, in: image},
		{name: "upsample an image", op: Upsample{Scale: [3]int{1, 2, 3}, Rank: 2}, batch: 2, in: image},
		{name: "upsample a volume", op: Upsample{Scale: [3]int{3, 1, 2}, Rank: 3}, batch: 1, in: vol},
		{name: "weights of up-sampling and convolution in one", op: foldedExample(), batch: 1, in: []ir.Type{ir.Whole(4, 1, 2, 3)}},
		{name: "pad an image", op: Pad{Lo: [3]int{0, 1, 0}, Hi: [3]int{0, 0, 2}, Rank: 2}, batch: 2, in: image},
		{name: "pad a volume", op: Pad{Lo: [3]int{2, 1, 0}, Hi: [3]int{0, 1, 1}, Rank: 3}, batch: 1, in: vol},
		{name: "weighted sum", op: WeightedSum{[]float32{3, 0.1, -2}}, batch: 2, in: scalars},
		{name: "reorder", op: Reorder{ops.NCX16c}, batch: 2, in: image},
		{name: "bce", op: Loss{Loss: ops.BCE}, batch: 4, in: []ir.Type{ir.Sample(3), ir.Sample(3)}, feed: probabilities, fixed: 1},
		{name: "bce of images", op: Loss{Loss: ops.BCE}, batch: 2, in: []ir.Type{image[0], image[0]}, feed: probabilities, fixed: 1},
		{name: "softmax ce", op: Loss{Loss: ops.SoftmaxCE}, batch: 4, in: []ir.Type{ir.Sample(5), ir.Sample(1)}, feed: labels, fixed: 1},
		{name: "softmax ce of every step", op: Loss{Loss: ops.SoftmaxCE}, batch: 2, in: []ir.Type{ir.Sample(3, 5), ir.Sample(3, 1)}, feed: labels, fixed: 1},
		{name: "softmax ce, smoothed", op: Loss{Loss: ops.SoftmaxCE, Smoothing: 0.2}, batch: 4, in: []ir.Type{ir.Sample(5), ir.Sample(1)}, feed: labels, fixed: 1},
		{name: "mse", op: Loss{Loss: ops.MSE}, batch: 4, in: []ir.Type{ir.Sample(3), ir.Sample(3)}, fixed: 1},
		{name: "mae", op: Loss{Loss: ops.MAE}, batch: 4, in: []ir.Type{ir.Sample(3), ir.Sample(3)}, feed: apart, fixed: 1},
		{name: "mape", op: Loss{Loss: ops.MAPE}, batch: 4, in: []ir.Type{ir.Sample(3), ir.Sample(3)}, feed: apart, fixed: 1},
	}
}

// probabilities makes the target of a loss one of BCE.
func probabilities(x *trial) {
	for i, v := range x.data[x.in[1]] {
		x.data[x.in[1]][i] = (v + 1.5) / 3
	}
}

// labels makes the target one of SoftmaxCE.
func labels(x *trial) {
	for i := range x.data[x.in[1]] {
		x.data[x.in[1]][i] = float32((3*i + 2) % 5)
	}
}

// apart keeps the target away from the prediction, where a loss has a corner.
func apart(x *trial) {
	for i := range x.data[x.in[1]] {
		x.data[x.in[1]][i] += 0.125
	}
}

// step is that of the central differences: less than half the distance of numbers
// from each other and from 0, so that no corner lies within it.
const step = 1.0 / 128

func TestGradients(t *testing.T) {
	for _, tc := range gradientCases() {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, tc.op, tc.batch, training, tc.in...)
			if tc.feed != nil {
				tc.feed(x)
			}
			forward := x.graph.Nodes
			needs := all(len(x.out.Node.In))
			if tc.fixed > 0 {
				needs[tc.fixed] = false
			}
			dst, gradients := x.differentiate(needs)
			x.run(x.graph.Nodes)
			for i, v := range gradients {
				if !needs[i] {
					assert.Equal(t, ir.Value{}, v, "input %d", i)
					continue
				}
				require.True(t, v.Type().Same(x.in[i].Type()), "input %d: a gradient of %s for %s", i, v.Type(), x.in[i].Type())
				agree(t, i, x.differences(forward, x.in[i], dst), x.data[v])
			}
		})
	}
}

// differences is the gradient of ⟨result, dst⟩ with respect to an input, by central
// differences.
func (x *trial) differences(forward []*ir.Node, in, dst ir.Value) []float64 {
	at := func(i int, v float32) float64 {
		x.data[in][i] = v
		x.run(forward)
		sum := 0.0
		for j, y := range x.data[x.out] {
			sum += float64(y) * float64(x.data[dst][j])
		}
		return sum
	}
	d := make([]float64, len(x.data[in]))
	for i, v := range x.data[in] {
		lo, hi := v-step, v+step
		d[i] = (at(i, hi) - at(i, lo)) / (float64(hi) - float64(lo))
		x.data[in][i] = v
	}
	return d
}

// agree compares with differences, whose rounding and curvature are far below 0.2%
// of the largest element.
func agree(t *testing.T, input int, want []float64, got []float32) {
	t.Helper()
	require.Len(t, got, len(want))
	largest := 0.0
	for _, w := range want {
		largest = max(largest, math.Abs(w))
	}
	require.Positive(t, largest, "input %d has no influence", input)
	for i, w := range want {
		require.InDelta(t, w, got[i], 2e-3*largest, "input %d, element %d", input, i)
	}
}

// What is not needed is not computed.
func TestGradientsThatNobodyNeeds(t *testing.T) {
	conv := Conv{Filters: 2, Groups: 1, Window: square(3, 1, 1, 1), Bias: true}
	image := []ir.Type{ir.Sample(1, 4, 4)}
	pair := []ir.Type{ir.Sample(3), ir.Sample(3)}
	gru, sequence := RNN{Cell: ops.GRU, Units: 2, Bias: true}, []ir.Type{ir.Sample(3, 4)}
	for _, tc := range []struct {
		name  string
		op    ir.Op
		in    []ir.Type
		needs []bool
		kinds []string
	}{
		{"conv: nothing", conv, image, []bool{false, false, false}, nil},
		{"conv: of a frozen net", conv, image, []bool{true, false, false}, []string{"ConvBackwardData"}},
		{"conv: the first layer", conv, image, []bool{false, true, true}, []string{"ConvBackwardWeights"}},
		{"conv: bias only", conv, image, []bool{false, false, true}, []string{"ConvBackwardWeights"}},
		{"conv: everything", conv, image, all(3), []string{"ConvBackwardData", "ConvBackwardWeights"}},
		{"rnn: nothing", gru, sequence, make([]bool, 4), nil},
		{"rnn: of a frozen net", gru, sequence, []bool{true, false, false, false}, []string{"GRUBackward"}},
		{"rnn: the first layer", gru, sequence, []bool{false, true, true, true}, []string{"GRUBackward"}},
		{"add: no copies", Add{}, pair, all(2), nil},
		{"mul: one factor", Mul{}, pair, []bool{false, true}, []string{"Mul"}},
		{"concat: one part", Concat{}, pair, []bool{false, true}, []string{"Slice"}},
		{"max pool looks at its source", Pool{Window: square(2, 2, 1, 0)}, image, all(1), []string{"MaxPoolBackward"}},
		{"relu: nothing", Activation{ops.Activation{Kind: ops.ReLU}}, pair[:1], []bool{false}, nil},
		{"loss: nothing into the target", Loss{Loss: ops.MSE}, pair, []bool{false, true}, nil},
		{"batch norm: nothing", BatchNorm{Eps: 1, Momentum: 1}, image, make([]bool, 3), nil},
		{"batch norm: of a frozen net", BatchNorm{Eps: 1, Momentum: 1}, image, []bool{true, false, false}, []string{"BatchNormBackward"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, tc.op, 2, training, tc.in...)
			before := len(x.graph.Nodes) + 1 // and the leaf of the result's gradient
			_, gradients := x.differentiate(tc.needs)
			var kinds []string
			for _, n := range x.graph.Nodes[before:] {
				kinds = append(kinds, n.Op.Kind())
			}
			assert.Equal(t, tc.kinds, kinds)
			for i, needed := range tc.needs {
				if !needed {
					assert.Equal(t, ir.Value{}, gradients[i], "input %d", i)
				}
			}
		})
	}
}

// The memory of an operand that the backward pass does not look at can be used
// again.
func TestOperandsOfTheBackwardPass(t *testing.T) {
	in := ir.Sample(2, 4, 4)
	for _, tc := range []struct {
		name            string
		op              ir.Op
		source, outcome bool
	}{
		{"relu needs its result", Activation{ops.Activation{Kind: ops.ReLU}}, false, true},
		{"gelu needs its argument", Activation{ops.Activation{Kind: ops.GELU}}, true, false},
		{"softmax needs its result", Softmax{}, false, true},
		{"max pool needs its argument", Pool{Window: square(2, 2, 1, 0)}, true, false},
		{"average pool needs neither", Pool{Mode: ops.AveragePooling, Window: square(2, 2, 1, 0)}, false, false},
		{"dropout needs neither", Dropout{0.5}, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, tc.op, 2, training, in)
			_, gradients := x.differentiate(all(1))
			operands := gradients[0].Node.In
			assert.Equal(t, tc.source, slices.Contains(operands, x.in[0]))
			assert.Equal(t, tc.outcome, slices.Contains(operands, x.out))
		})
	}
}
