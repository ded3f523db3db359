package op

import (
	"testing"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
)

// Small results that can be had in the head; what is larger is compared with
// PyTorch.
func TestForward(t *testing.T) {
	two := []ir.Type{ir.Sample(2), ir.Sample(2)}
	relu := ops.Activation{Kind: ops.ReLU}
	for _, tc := range []struct {
		name  string
		op    ir.Op
		batch int
		types []ir.Type
		in    [][]float32
		out   []float32
	}{
		{
			"conv same: the even kernel's extra cell comes after",
			Conv{Filters: 1, Groups: 1, Window: same(square(2, 1, 1, 0))},
			1,
			[]ir.Type{ir.Sample(1, 2, 3)},
			[][]float32{{1, 2, 3, 4, 5, 6}, {1, 10, 100, 1000}},
			[]float32{1 + 20 + 400 + 5000, 2 + 30 + 500 + 6000, 3 + 600, 4 + 50, 5 + 60, 6},
		},
		{
			"deconv same with a stride: each input begins its own cell",
			Deconv{Filters: 1, Groups: 1, Window: same(square(1, 2, 1, 0))},
			1,
			[]ir.Type{ir.Sample(1, 1, 2)},
			[][]float32{{1, 2}, {3}},
			[]float32{3, 0, 6, 0, 0, 0, 0, 0},
		},
		{"dense with a fused activation", Dense{Units: 2, Bias: true, Post: ops.Activation{Kind: ops.ReLU}}, 1, two[:1], [][]float32{{1, 2}, {1, 1, 1, -1}, {0.5, 0.5}}, []float32{3.5, 0}},
		{
			"conv with a fused activation",
			Conv{Filters: 1, Groups: 1, Window: square(1, 1, 1, 0), Post: ops.Activation{Kind: ops.LeakyReLU, Alpha: 0.5}},
			1,
			[]ir.Type{ir.Sample(1, 1, 2)},
			[][]float32{{1, -2}, {3}},
			[]float32{3, -3},
		},
		{
			"deconv with a fused activation",
			Deconv{Filters: 1, Groups: 1, Window: square(1, 1, 1, 0), Post: ops.Activation{Kind: ops.LeakyReLU, Alpha: 0.5}},
			1,
			[]ir.Type{ir.Sample(1, 1, 2)},
			[][]float32{{1, -2}, {3}},
			[]float32{3, -3},
		},
		{"add", Add{}, 2, two, [][]float32{{1, 2, 3, 4}, {10, 20, 30, 40}}, []float32{11, 22, 33, 44}},
		{"mul", Mul{}, 1, two, [][]float32{{1, 2}, {3, 4}}, []float32{3, 8}},
		{"scale", Scale{-2}, 1, two[:1], [][]float32{{1, 2}}, []float32{-2, -4}},
		{"concat of a batch", Concat{}, 2, two, [][]float32{{1, 2, 3, 4}, {5, 6, 7, 8}}, []float32{1, 2, 5, 6, 3, 4, 7, 8}},
		{"sum of a batch", Sum{}, 2, []ir.Type{ir.Sample(2, 2)}, [][]float32{{1, 2, 3, 4, 5, 6, 7, 8}}, []float32{10, 26}},
		{"mean", Mean{}, 2, []ir.Type{ir.Sample(2, 2)}, [][]float32{{1, 2, 3, 4, 5, 6, 7, 8}}, []float32{2.5, 6.5}},
		{"global average", Mean{Spatial: true}, 1, []ir.Type{ir.Sample(2, 2)}, [][]float32{{1, 2, 3, 4}}, []float32{1.5, 3.5}},
		{"dense of every step", Dense{Units: 1}, 1, []ir.Type{ir.Sample(2, 2)}, [][]float32{{1, 2, 3, 4}, {10, 1}}, []float32{12, 34}},
		{"concat of every step", Concat{}, 2, []ir.Type{ir.Sample(2, 1), ir.Sample(2, 2)}, [][]float32{{1, 2, 3, 4}, {10, 11, 20, 21, 30, 31, 40, 41}}, []float32{1, 10, 11, 2, 20, 21, 3, 30, 31, 4, 40, 41}},
		{"rnn that adds up", RNN{Units: 1, Fn: relu}, 2, []ir.Type{ir.Sample(3, 1)}, [][]float32{{1, 2, 3, 4, 5, 6}, {1}, {1}}, []float32{1, 3, 6, 4, 9, 15}},
		{"rnn that adds up from the end", RNN{Units: 1, Fn: relu, Reverse: true}, 2, []ir.Type{ir.Sample(3, 1)}, [][]float32{{1, 2, 3, 4, 5, 6}, {1}, {1}}, []float32{6, 5, 3, 15, 11, 6}},
		{"step", Step{1}, 2, []ir.Type{ir.Sample(3, 2)}, [][]float32{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}, []float32{3, 4, 9, 10}},
		{"mean of steps", StepMean{}, 2, []ir.Type{ir.Sample(2, 2)}, [][]float32{{1, 2, 3, 5, 6, 7, 8, 10}}, []float32{2, 3.5, 7, 8.5}},
		{"repeat", Repeat{3}, 2, []ir.Type{ir.Sample(2)}, [][]float32{{1, 2, 3, 4}}, []float32{1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}},
		{"transpose", Transpose{}, 2, []ir.Type{ir.Sample(2, 3)}, [][]float32{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}, []float32{1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12}},
		{"transpose before the last", Transpose{}, 1, []ir.Type{ir.Sample(2, 2, 2)}, [][]float32{{1, 2, 3, 4, 5, 6, 7, 8}}, []float32{1, 2, 5, 6, 3, 4, 7, 8}},
		{"softmax ce of every step: the mean", Loss{Loss: ops.SoftmaxCE}, 1, []ir.Type{ir.Sample(2, 2), ir.Sample(2, 1)}, [][]float32{{7, 7, 200, 0}, {1, 0}}, []float32{0.34657359}},
		{"flatten", Flatten{}, 1, []ir.Type{ir.Sample(2, 2)}, [][]float32{{1, 2, 3, 4}}, []float32{1, 2, 3, 4}},
		{"reshape", Reshape{[]int{2, 1}}, 1, two[:1], [][]float32{{1, 2}}, []float32{1, 2}},
		{"pad", Pad{Lo: [3]int{0, 1, 0}, Hi: [3]int{0, 0, 1}, Rank: 2}, 1, []ir.Type{ir.Sample(2, 1, 1)}, [][]float32{{1, 2}}, []float32{0, 0, 1, 0, 0, 0, 2, 0}},
		{"average same: padding does not count", Pool{Mode: ops.AveragePooling, Window: same(square(2, 1, 1, 0))}, 1, []ir.Type{ir.Sample(1, 1, 2)}, [][]float32{{1, 3}}, []float32{2, 3}},
		{"average counting padding", Pool{Mode: ops.AveragePooling, Window: same(square(2, 1, 1, 0)), CountPad: true}, 1, []ir.Type{ir.Sample(1, 1, 2)}, [][]float32{{1, 3}}, []float32{1, 0.75}},
		{"weighted sum", WeightedSum{[]float32{2, -1}}, 1, []ir.Type{ir.Whole(), ir.Whole()}, [][]float32{{3}, {4}}, []float32{2}},
		{"copy", Copy{}, 1, two[:1], [][]float32{{1, 2}}, []float32{1, 2}},
		{"batch norm with a fused activation", BatchNormInference{Eps: 3, Post: ops.Activation{Kind: ops.ReLU}}, 1, append(two[:1:1], ir.Whole(2), ir.Whole(2), ir.Whole(2), ir.Whole(2)), [][]float32{{2, 2}, {1, -1}, {1, 0}, {0, 0}, {1, 1}}, []float32{2, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x := try(t, tc.op, tc.batch, mode{}, tc.types...)
			for i, values := range tc.in {
				x.data[x.in[i]] = values
			}
			assert.Equal(t, tc.out, x.forward())
		})
	}
}

func TestBatchNormTrainingWithFusedActivation(t *testing.T) {
	c := ir.Whole(1)
	x := try(t, BatchNormTraining{Eps: 3, Post: ops.Activation{Kind: ops.ReLU}}, 2, mode{}, ir.Sample(1), c, c)
	x.data[x.in[0]], x.data[x.in[1]], x.data[x.in[2]] = []float32{1, 3}, []float32{2}, []float32{0}
	assert.Equal(t, []float32{0, 1}, x.forward())
	assert.Equal(t, []float32{2}, x.data[ir.Value{Node: x.out.Node, Index: 1}])
	assert.Equal(t, []float32{1}, x.data[ir.Value{Node: x.out.Node, Index: 2}])
}

func TestReorderThereAndBack(t *testing.T) {
	in := ir.Sample(3, 2, 2)
	there := try(t, Reorder{ops.NCX16c}, 2, mode{}, in)
	back := try(t, Reorder{ops.NCX}, 2, mode{}, there.out.Type())
	back.data[back.in[0]] = there.forward()
	assert.Len(t, there.data[there.out], 2*16*4)
	assert.Equal(t, there.data[there.in[0]], back.forward())
}

func TestMACs(t *testing.T) {
	for _, tc := range []struct {
		name string
		op   ir.Counted
		in   ir.Type
		macs int64
	}{
		{"conv", Conv{Filters: 5, Groups: 1, Window: square(3, 1, 1, 0)}, ir.Sample(2, 4, 4), 5 * 2 * 9 * 4},
		{"conv in groups", Conv{Filters: 4, Groups: 2, Window: square(3, 1, 1, 0)}, ir.Sample(2, 4, 4), 4 * 9 * 4},
		{"conv: taps in the padding do not count", Conv{Filters: 1, Groups: 1, Window: square(3, 1, 1, 1)}, ir.Sample(1, 2, 2), 16},
		{"deconv", Deconv{Filters: 5, Groups: 1, Window: square(3, 2, 1, 0)}, ir.Sample(2, 4, 4), 5 * 2 * 9 * 16},
		{"dense", Dense{Units: 5}, ir.Sample(7), 35},
		{"dense of every step", Dense{Units: 5}, ir.Sample(3, 7), 3 * 35},
		{"rnn", RNN{Units: 5, Fn: ops.Activation{Kind: ops.Tanh}, Bias: true}, ir.Sample(3, 7), 3 * 5 * (7 + 5)},
		{"lstm", RNN{Cell: ops.LSTM, Units: 5}, ir.Sample(3, 7), 3 * 4 * 5 * (7 + 5)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v, g := declare(tc.op, tc.in)
			assert.Empty(t, g.Errors)
			in := []ir.Type{tc.in}
			for _, w := range v.Node.In[1:] {
				in = append(in, w.Type())
			}
			assert.Equal(t, tc.macs, tc.op.MACs(in, v.Node.Out))
		})
	}
}
