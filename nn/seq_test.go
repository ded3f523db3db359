package nn_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// tracks is an input on which sequences are tried.
func tracks(g *nn.Graph) nn.Seq { return g.Seq("tracks", 5, 3) }

// TestSequenceDims declares every operation on sequences and runs it.
func TestSequenceDims(t *testing.T) {
	r := nn.Recurrent()
	for _, tc := range []struct {
		name string
		got  func(x nn.Seq) nn.Handle
		want []int
	}{
		{"rnn", func(x nn.Seq) nn.Handle { return x.RNN(4) }, []int{5, 4}},
		{"activations of an rnn", func(x nn.Seq) nn.Handle {
			return x.RNN(4, r.ReLU()).RNN(4, r.LeakyReLU(0.2)).RNN(4, r.ELU(1)).RNN(4, r.Sigmoid())
		}, []int{5, 4}},
		{"a stack of lstms", func(x nn.Seq) nn.Handle { return x.LSTM(4).LSTM(2, r.NoBias()) }, []int{5, 2}},
		{"both grus", func(x nn.Seq) nn.Handle { return x.GRU(4).GRU(6, r.ResetBefore().NoBias()) }, []int{5, 6}},
		{"in both directions", func(x nn.Seq) nn.Handle { return x.LSTM(4, r.Bidirectional()) }, []int{5, 8}},
		{"in both directions, added", func(x nn.Seq) nn.Handle { return x.GRU(4, r.BidirectionalSum().ResetBefore()) }, []int{5, 4}},
		{"initialisers", func(x nn.Seq) nn.Handle { return x.GRU(4, r.Init(nn.HeNormal).InitRecurrent(nn.Constant(0.1))) }, []int{5, 4}},
		{"dense", func(x nn.Seq) nn.Handle { return x.Dense(7, nn.NoBias()) }, []int{5, 7}},
		{"normalisation", func(x nn.Seq) nn.Handle { return x.BatchNorm(nn.Momentum(0.5)) }, []int{5, 3}},
		{"activations", func(x nn.Seq) nn.Handle {
			return x.ReLU().LeakyReLU(0.3).ELU(1).Tanh().Sigmoid().Softplus().SiLU().GELU().Softmax()
		}, []int{5, 3}},
		{"dropout", func(x nn.Seq) nn.Handle { return x.Dropout(0.5) }, []int{5, 3}},
		{"arithmetic", func(x nn.Seq) nn.Handle { return x.Add(x, x).Mul(x).Scale(2) }, []int{5, 3}},
		{"concatenation", func(x nn.Seq) nn.Handle { return x.Concat(x.Dense(1), x) }, []int{5, 7}},
		{"a step", func(x nn.Seq) nn.Handle { return x.Step(1).Add(x.First(), x.Last()) }, []int{3}},
		{"mean", func(x nn.Seq) nn.Handle { return x.Mean() }, []int{3}},
		{"sum", func(x nn.Seq) nn.Handle { return x.Sum() }, []int{1}},
		{"flatten and back", func(x nn.Seq) nn.Handle { return x.Flatten().ToSeq(3, 5) }, []int{3, 5}},
		{"repetition", func(x nn.Seq) nn.Handle { return x.LSTM(4).Last().Repeat(7).LSTM(3) }, []int{7, 3}},
		{"an image", func(x nn.Seq) nn.Handle { return x.Reshape(1, 5, 3) }, []int{1, 5, 3}},
		{"rows of an image", func(x nn.Seq) nn.Handle { return x.Reshape(1, 3, 5).Rows() }, []int{3, 5}},
		{"rows of channels", func(x nn.Seq) nn.Handle { return x.LSTM(6).Reshape(2, 3, 5).Rows() }, []int{3, 10}},
		{"columns", func(x nn.Seq) nn.Handle { return x.LSTM(6).Reshape(2, 3, 5).Columns() }, []int{5, 6}},
		{"a tensor as a sequence", func(x nn.Seq) nn.Handle { return x.Tensor().Seq() }, []int{5, 3}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := nn.New("dims")
			y := tc.got(tracks(g))
			net, err := g.Output("y", y).Build()
			require.NoError(t, err)
			assert.Equal(t, tc.want, y.Tensor().Dims())
			require.NoError(t, compile(t, net, nn.Batch(2)).Run(0))
		})
	}
	x := tracks(nn.New("sizes"))
	assert.Equal(t, []int{5, 3}, []int{x.Steps(), x.Features()})
}

// TestSequenceMistakes makes every mistake that a declaration of sequences can make.
func TestSequenceMistakes(t *testing.T) {
	r := nn.Recurrent()
	for _, tc := range []struct {
		name    string
		declare func(x nn.Seq) (nn.Handle, int)
		says    string
	}{
		{"no units", func(x nn.Seq) (nn.Handle, int) { return x.LSTM(0), line() }, "LSTM: shape error: 0 units"},
		{"two specs", func(x nn.Seq) (nn.Handle, int) { return x.GRU(2, r, r), line() }, "GRU: shape error: 2 specs: there can be one"},
		{"activation of an lstm", func(x nn.Seq) (nn.Handle, int) { return x.LSTM(2, r.ReLU()), line() }, "LSTM: shape error: activation relu: only an RNN has a choice"},
		{"reset of an rnn", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.ResetBefore()), line() }, "RNN: shape error: reset before the product: only a GRU"},
		{"activation set twice", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.ReLU().Sigmoid()), line() }, "Sigmoid: shape error: the activation is set twice"},
		{"negative slope", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.LeakyReLU(-1)), line() }, "LeakyReLU: shape error: -1: it must not be negative"},
		{"alpha that is no number", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.ELU(math.NaN())), line() }, "ELU: shape error: NaN"},
		{"direction set twice", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.Reverse().Bidirectional()), line() }, "Bidirectional: shape error: the direction is set twice"},
		{"direction set twice, added", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.Reverse().BidirectionalSum()), line() }, "BidirectionalSum: shape error"},
		{"direction set twice, reverse", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.Bidirectional().Reverse()), line() }, "Reverse: shape error"},
		{"nil initialiser", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.Init(nil)), line() }, "Init: shape error: a nil initialiser"},
		{"nil initialiser of the state", func(x nn.Seq) (nn.Handle, int) { return x.RNN(2, r.InitRecurrent(nil)), line() }, "InitRecurrent: shape error: a nil initialiser"},
		{"a step there is not", func(x nn.Seq) (nn.Handle, int) { return x.Step(5), line() }, "Step: shape error: step 5 of 5"},
		{"no units of every step", func(x nn.Seq) (nn.Handle, int) { return x.Dense(0), line() }, "Dense: shape error: 0 units"},
		{"features that do not fit", func(x nn.Seq) (nn.Handle, int) { return x.Add(x.Dense(2)), line() }, "Add: shape error: shapes differ: 5x3 and 5x2"},
		{"steps that do not fit", func(x nn.Seq) (nn.Handle, int) { return x.Concat(x.Flatten().ToSeq(3, 5)), line() }, "Concat: shape error: shapes differ in more than the channels: 5x3 and 3x5"},
		{"steps that do not fill", func(x nn.Seq) (nn.Handle, int) { return x.Flatten().ToSeq(2, 7), line() }, "Reshape: shape error: 15 values cannot become 2x7"},
		{"no repetition", func(x nn.Seq) (nn.Handle, int) { return x.Last().Repeat(0), line() }, "Repeat: shape error: 0 steps"},
		{"a vector as a sequence", func(x nn.Seq) (nn.Handle, int) { return x.Mean().Tensor().Seq(), line() }, "Seq: shape error: a tensor of 1 dimensions"},
		{"a zero handle", func(x nn.Seq) (nn.Handle, int) { return x.Concat(nn.Seq{}), line() }, "Concat: shape error: input 1 is a zero handle"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := nn.New("wrong")
			y, at := tc.declare(tracks(g))
			_, err := g.Output("y", y).Build()
			var all *nn.BuildError
			require.ErrorAs(t, err, &all)
			require.Len(t, all.Errors, 1, "one mistake, one message: %+v", err)
			assert.Contains(t, operationName.ReplaceAllString(err.Error(), ""), tc.says)
			assert.ErrorContains(t, err, fmt.Sprintf("seq_test.go:%d", at))
		})
	}
}

// TestClassesOfSteps: the loss of a sequence is the mean of those of its steps.
func TestClassesOfSteps(t *testing.T) {
	g := nn.New("tags")
	x := tracks(g)
	g.Loss("all", nn.SoftmaxCE(x, g.Seq("tags", 5, 1)))
	for i := range 5 {
		g.Loss(fmt.Sprint("step", i), nn.SoftmaxCE(x.Step(i), g.Vec(fmt.Sprint("tag", i), 1)))
	}
	p := compile(t, g.MustBuild(), nn.Batch(2))
	for i := range input(t, p, "tracks") {
		input(t, p, "tracks")[i] = float32(i*7%5) - 2
	}
	for i := range input(t, p, "tags") {
		class := float32(i % 3)
		input(t, p, "tags")[i] = class
		input(t, p, fmt.Sprint("tag", i%5))[i/5] = class
	}
	require.NoError(t, p.Run(0))
	mean := 0.0
	for i := range 5 {
		mean += float64(output(t, p, fmt.Sprint("step", i))[0]) / 5
	}
	assert.InDelta(t, mean, output(t, p, "all")[0], 1e-6)
	assert.NotZero(t, mean)
}

func TestSequenceAfterAMistake(t *testing.T) {
	g := nn.New("wrong")
	y := tracks(g).LSTM(0)
	assert.Equal(t, []int{1, 1}, []int{y.Steps(), y.Features()})
	_, err := g.Output("y", y.GRU(3, nn.Recurrent().Bidirectional()).Last()).Build()
	var all *nn.BuildError
	require.ErrorAs(t, err, &all)
	assert.Len(t, all.Errors, 1)
}

func TestRecurrentSpecsAreValues(t *testing.T) {
	r := nn.Recurrent()
	_ = r.ReLU().Reverse().NoBias().ResetBefore()
	g := nn.New("values")
	net := g.Output("y", tracks(g).LSTM(2, r)).MustBuild()
	assert.Len(t, net.Params(), 3, "the setters left r alone")
}

// TestRecurrentParameters: names, shapes and what they begin with.
func TestRecurrentParameters(t *testing.T) {
	g := nn.New("parameters")
	x := tracks(g)
	y := x.RNN(2).Concat(x.LSTM(2), x.GRU(2), x.GRU(2, nn.Recurrent().ResetBefore()), x.LSTM(2, nn.Recurrent().NoBias().Bidirectional()))
	net := g.Output("y", y).MustBuild()
	var got []string
	for _, p := range net.Params() {
		got = append(got, fmt.Sprint(p.Path, p.Shape))
	}
	assert.Equal(t, strings.Fields(`rnn_1/weights[2,3] rnn_1/recurrent[2,2] rnn_1/bias[2]
		lstm_1/weights[8,3] lstm_1/recurrent[8,2] lstm_1/bias[8]
		gru_1/weights[6,3] gru_1/recurrent[6,2] gru_1/bias[8]
		gru_2/weights[6,3] gru_2/recurrent[6,2] gru_2/bias[6]
		lstm_2/weights[8,3] lstm_2/recurrent[8,2] lstm_3/weights[8,3] lstm_3/recurrent[8,2]`),
		strings.Split(strings.ReplaceAll(strings.Join(got, ";"), " ", ","), ";"))
	for _, p := range net.Params() {
		switch {
		case p.Path == "lstm_1/bias":
			assert.Equal(t, []float32{0, 0, 1, 1, 0, 0, 0, 0}, p.Data, "the forget gate begins open")
		case strings.HasSuffix(p.Path, "/bias"):
			assert.Zero(t, norm(p.Data), p.Path)
		default:
			fans := p.Shape[1] + 2
			assert.NotZero(t, norm(p.Data), p.Path)
			for _, v := range p.Data {
				assert.LessOrEqual(t, math.Abs(float64(v)), math.Sqrt(6/float64(fans)), p.Path)
			}
		}
	}
}

// TestReverseIsForwardsOnTheSequenceReversed also fixes what Last and First are.
func TestReverseIsForwardsOnTheSequenceReversed(t *testing.T) {
	final := func(reverse bool) []float32 {
		g := nn.New("final")
		spec, state := nn.Recurrent(), nn.Seq.Last
		if reverse {
			spec, state = spec.Reverse(), nn.Seq.First
		}
		h := state(tracks(g).GRU(4, spec))
		net := g.Output("h", h).MustBuild()
		p := compile(t, net, nn.Batch(2))
		in := input(t, p, "tracks")
		for i := range in {
			n, step, f := i/15, i/3%5, i%3
			if reverse {
				step = 4 - step
			}
			in[i] = float32(n+1) * float32(step*3+f) / 15
		}
		require.NoError(t, p.Run(0))
		return append([]float32(nil), output(t, p, "h")...)
	}
	assert.Equal(t, final(false), final(true))
	assert.NotZero(t, norm(final(false)))
}

// TestFrozenRecurrentNet: gradients flow through it, and its own are not computed.
func TestFrozenRecurrentNet(t *testing.T) {
	g := nn.New("judge")
	judge := g.Output("y", tracks(g).LSTM(4).Last().Dense(1)).MustBuild()
	g = nn.New("maker")
	maker := g.Output("tracks", g.Vec("z", 2).Dense(15).ToSeq(5, 3)).MustBuild()
	s := nn.New("step")
	y := judge.Frozen().Apply(s, maker.Apply(s, s.Vec("z", 2)).Seq("tracks")).Vec("y")
	step := s.Loss("l", nn.MSE(y, s.Vec("target", 1))).MustBuild()
	p := compile(t, step, nn.Train(maker), nn.Batch(3))
	copy(input(t, p, "z"), []float32{1, 2, 3, 4, 5, 6})
	require.NoError(t, p.Run(0))
	assert.Zero(t, norm(judge.Gradients()))
	assert.NotZero(t, norm(maker.Gradients()))
}
