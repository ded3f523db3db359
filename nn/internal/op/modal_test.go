package op

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDropoutThatDoesNothingIsItsInput(t *testing.T) {
	for _, tc := range []struct {
		name string
		op   Dropout
		mode mode
	}{
		{"inference", Dropout{0.5}, mode{}},
		{"rate 0", Dropout{0}, training},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, tc.op, 3, tc.mode, ir.Sample(4))
			assert.Equal(t, x.in[0], x.out)
		})
	}
}

func TestDropoutInTraining(t *testing.T) {
	const n, rate = 20000, 0.25
	x := try(t, Dropout{rate}, 1, training, ir.Sample(n))
	for i := range x.data[x.in[0]] {
		x.data[x.in[0]][i] = 3
	}
	dropped := 0
	for _, v := range x.forward() {
		if v == 0 {
			dropped++
			continue
		}
		require.InDelta(t, 3/(1-rate), v, 1e-6)
	}
	assert.InDelta(t, rate, float64(dropped)/n, 5*math.Sqrt(rate*(1-rate)/n))
}

func TestDropoutDrawsFromItsStream(t *testing.T) {
	x := try(t, dropoutTraining{0.5, 1}, 1, mode{}, ir.Sample(100))
	y := try(t, dropoutTraining{0.5, 2}, 1, mode{}, ir.Sample(100))
	again := try(t, dropoutTraining{0.5, 1}, 1, mode{}, ir.Sample(100))
	first := x.forward()
	assert.Equal(t, first, again.forward())
	assert.NotEqual(t, first, y.forward())
}

// A frozen net normalises by the batch, but its averages stay what they are.
func TestFrozenBatchNorm(t *testing.T) {
	o := BatchNorm{Eps: 1e-3, Momentum: 0.9}
	free := try(t, o, 4, training, ir.Sample(3))
	frozen := try(t, o, 4, mode{training: true, frozen: true}, ir.Sample(3))
	assert.Len(t, free.graph.Effects, 2)
	assert.Empty(t, frozen.graph.Effects)
	assert.Equal(t, free.forward(), frozen.forward())
}

func TestBatchNormInInferenceLeavesAveragesAlone(t *testing.T) {
	x := try(t, BatchNorm{Eps: 1e-3, Momentum: 0.9}, 4, mode{}, ir.Sample(3))
	assert.Equal(t, "BatchNormInference", x.out.Node.Op.Kind())
	assert.Empty(t, x.graph.Effects)
}

// One value has no variance: training on it would divide by m − 1 = 0.
func TestBatchNormOfOneValue(t *testing.T) {
	for _, tc := range []struct {
		name  string
		in    ir.Type
		batch int
		group *ir.Group
		says  string // "" is no error
	}{
		{"a vector alone", ir.Sample(3), 1, nil, "a batch of 1 samples of 3 in training: each channel must have at least 2 values"},
		{"an image of one pixel", ir.Sample(3, 1, 1), 1, nil, "a batch of 1 samples of 3x1x1"},
		{"no samples", ir.Sample(3, 2, 2), 0, nil, "a batch of 0 samples"},
		{"an image of two pixels", ir.Sample(3, 1, 2), 1, nil, ""},
		{"two vectors", ir.Sample(3), 2, nil, ""},
		{"a vector alone on each of two ranks", ir.Sample(3), 1, &ir.Group{Size: 2}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, BatchNorm{Eps: 1e-3}, tc.batch, mode{training: true, group: tc.group}, tc.in)
			c := ir.Whole(3)
			_, err := x.out.Node.Op.Lower(&ir.Lowering{Batch: tc.batch, In: []ir.Type{tc.in, c, c}, Out: x.out.Node.Out})
			if tc.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ir.ErrUnsupported)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

// Only training keeps a workspace, and it changes nothing in the result.
func TestRNNInTrainingAndInference(t *testing.T) {
	for name, o := range map[string]RNN{
		"rnn":  {Units: 5, Fn: ops.Activation{Kind: ops.Tanh}, Bias: true},
		"lstm": {Cell: ops.LSTM, Units: 5, Bias: true},
		"gru":  {Cell: ops.LBRGRU, Units: 5, Reverse: true},
	} {
		t.Run(name, func(t *testing.T) {
			x := try(t, o, 3, training, ir.Sample(4, 2))
			y := try(t, o, 3, mode{}, ir.Sample(4, 2))
			assert.Equal(t, x.forward(), y.forward())
			assert.Len(t, y.out.Node.Out, 1)
		})
	}
}

// What a Modal operation lowers to when no compiler specialised it is inference.
func TestModalOperationsLowerToInference(t *testing.T) {
	for _, tc := range []struct {
		name string
		op   ir.Op
		in   ir.Type
	}{
		{"batch norm", BatchNorm{Eps: 1e-3, Momentum: 0.9}, ir.Sample(3)},
		{"dropout", Dropout{0.5}, ir.Sample(3)},
		{"rnn", RNN{Cell: ops.LSTM, Units: 5, Bias: true}, ir.Sample(3, 2)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, tc.op, 4, mode{}, tc.in)
			want := append([]float32(nil), x.forward()...)
			n, err := x.graph.Add(x.in[0].Node, tc.op, x.in)
			require.NoError(t, err)
			x.run([]*ir.Node{n})
			assert.Equal(t, want, x.data[ir.Value{Node: n}])
		})
	}
}
