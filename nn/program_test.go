package nn_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/ops"
)

// images is a net with most of what works on images. Its activations are smooth:
// across the kink of a ReLU a difference is no derivative.
func images(g *nn.Graph) nn.Vec {
	x := g.Map("x", 2, 8, 7)
	a := x.Conv(4, nn.K(3, 3).Same().NoBias()).BatchNorm().Tanh()
	b := x.Pad(1, 1).Conv(4, nn.K(3, 3).Groups(2)).SiLU()
	h := a.Add(b).MaxPool(nn.K(2, 2)).Concat(x.AvgPool(nn.K(2, 2)).Scale(0.5))
	h = nn.Block("up", h, func(h nn.Map) nn.Map {
		return h.Deconv(3, nn.DeconvK(3, 2).Stride(2, 2).Same()).ELU(1).Dropout(0.25).Upsample(1, 2)
	})
	h = h.Mul(h.Conv(3, nn.K(1, 1)).Sigmoid())
	h = h.Mul(h.GlobalAvgPool().Dense(3).Expand(3, h.Height(), h.Width())).Add(h.Sum().Scale(0.001).Expand(3, h.Height(), h.Width()))
	return h.GlobalAvgPool().Concat(h.Flatten().Dense(5).Tanh()).Dense(3)
}

// volumes is a net on volumes.
func volumes(g *nn.Graph) nn.Vec {
	x := conv3d.Input(g, "x", 1, 4, 5, 6)
	h := x.Conv(3, conv3d.K(2, 3, 4).Same()).Softplus().BatchNorm(nn.Momentum(0.99), nn.Epsilon(1e-3)).
		Deconv(2, conv3d.DeconvK(2, 2, 2).Stride(2, 1, 1)).SiLU().
		MaxPool(conv3d.K(2, 2, 2)).Upsample(1, 2, 1).Softmax()
	return h.Sum().Concat(h.Flatten().Dense(2, nn.NoBias())).Concat(x.Sum().Scale(0.1)).Dense(3)
}

// sequences is a net with everything that works on sequences, and normalises images.
func sequences(g *nn.Graph) nn.Vec {
	x := g.Map("x", 2, 6, 4)
	rows := x.LRN(3, 2, 0.75, 1).Rows().LSTM(5, nn.Recurrent().Bidirectional())
	columns := x.LRNWithin(3, 2, 0.75, 1).Columns().GRU(4).Dropout(0.2)
	h := rows.Dense(4).GRU(4, nn.Recurrent().ResetBefore().Reverse()).BatchNorm().Concat(rows.RNN(3, nn.Recurrent().Sigmoid().NoBias()))
	h = h.Mul(h.Softmax()).Add(h.Scale(0.5).GELU())
	return h.First().Concat(h.Mean(), columns.Last(), h.Step(2)).ToSeq(5, 5).
		RNN(3, nn.Recurrent().BidirectionalSum()).Flatten().Dense(3)
}

// lossOn builds a training step for a net.
func lossOn(t testing.TB, net *nn.Net) *nn.Net {
	g := nn.New("step")
	var in nn.Handle
	switch net.Name() {
	case "images":
		in = g.Map("x", 2, 8, 7)
	case "volumes":
		in = conv3d.Input(g, "x", 1, 4, 5, 6)
	default:
		in = g.Map("x", 2, 6, 4)
	}
	y := net.Apply(g, in).Vec("y")
	step, err := g.Loss("class", nn.SoftmaxCE(y, g.Vec("label", 1))).
		Loss("square", nn.MSE(y.Softmax(), g.Vec("target", 3)).Weight(3)).Build()
	require.NoError(t, err)
	return step
}

func build(t testing.TB, name string, declare func(*nn.Graph) nn.Vec) *nn.Net {
	g := nn.New(name)
	n, err := g.Output("y", declare(g)).Build()
	require.NoError(t, err)
	n.Init(3)
	return n
}

// feed fills the inputs of a program made by lossOn.
func feed(t testing.TB, p *nn.Program) {
	r := philox.NewStream(1, 1)
	for i, x := 0, input(t, p, "x"); i < len(x); i++ {
		x[i] = float32(r.Normal())
	}
	for i, x := 0, input(t, p, "target"); i < len(x); i++ {
		x[i] = r.Float32()
	}
	for i, x := 0, input(t, p, "label"); i < len(x); i++ {
		x[i] = float32(i % 3)
	}
}

// TestGradients compares every gradient of some nets with central differences of the
// total loss, along random directions. The difference of two float32 losses is right
// to some units in their last place, 4e-7 of their size, and a maximum that changes
// place within the step adds an error of the order of the step.
func TestGradients(t *testing.T) {
	for _, declare := range []struct {
		name string
		net  func(*nn.Graph) nn.Vec
	}{{"images", images}, {"volumes", volumes}, {"sequences", sequences}} {
		t.Run(declare.name, func(t *testing.T) {
			net := build(t, declare.name, declare.net)
			p := compile(t, lossOn(t, net), nn.Train(net), nn.Batch(3), nn.Seed(5))
			feed(t, p)
			loss := output(t, p, "loss")
			require.NoError(t, p.Run(1))
			for _, param := range net.Params() {
				if param.Grad == nil {
					continue
				}
				gradient := append([]float32(nil), param.Grad...)
				value := append([]float32(nil), param.Data...)
				direction := make([]float32, len(value))
				r := philox.NewStream(9, 9)
				slope, norm := 0.0, 0.0
				for i := range direction {
					direction[i] = float32(r.Normal())
					norm += float64(direction[i]) * float64(direction[i])
				}
				for i := range direction {
					direction[i] /= float32(math.Sqrt(norm))
					slope += float64(direction[i]) * float64(gradient[i])
				}
				const h = 1e-3
				var at [2]float64
				for k, sign := range []float32{-1, 1} {
					for i := range value {
						param.Data[i] = value[i] + sign*h*direction[i]
					}
					require.NoError(t, p.Run(1))
					at[k] = float64(loss[0])
				}
				copy(param.Data, value)
				noise := 1e-3*math.Max(1, math.Abs(slope)) + 4e-7*math.Abs(at[0])/h
				assert.InDelta(t, (at[1]-at[0])/(2*h), slope, noise, "%s, loss %g", param.Path, at[0])
			}
		})
	}
}

// TestSameBitsForAnyNumberOfThreads trains for a few steps on pools of different
// sizes.
func TestSameBitsForAnyNumberOfThreads(t *testing.T) {
	for name, declare := range map[string]func(*nn.Graph) nn.Vec{"images": images, "sequences": sequences} {
		t.Run(name, func(t *testing.T) { sameBits(t, name, declare) })
	}
}

func sameBits(t *testing.T, name string, declare func(*nn.Graph) nn.Vec) {
	var want []float32
	for _, threads := range []int{1, 2, 3, 7} {
		pool := ops.NewPool(threads)
		net := build(t, name, declare)
		p := compile(t, lossOn(t, net), nn.Train(net), nn.Batch(5), nn.OnPool(pool))
		feed(t, p)
		for step := range uint64(3) {
			require.NoError(t, p.Run(step))
			for i, g := range net.Gradients() {
				net.Weights()[i] -= 0.05 * g
			}
		}
		got := append(append([]float32(nil), net.Weights()...), net.Statistics()...)
		pool.Close()
		if want == nil {
			want = got
		}
		require.Equal(t, want, got, "%d threads", threads)
	}
}

func TestRunDoesNotAllocate(t *testing.T) {
	for name, declare := range map[string]func(*nn.Graph) nn.Vec{"images": images, "sequences": sequences} {
		net := build(t, name, declare)
		p := compile(t, lossOn(t, net), nn.Train(net), nn.Batch(4))
		feed(t, p)
		assert.Zero(t, testing.AllocsPerRun(10, func() { _ = p.Run(1) }), name)
	}
}

// TestRunIsAFunctionOfTheStep: the step decides what dropout draws, and nothing else
// changes.
func TestRunIsAFunctionOfTheStep(t *testing.T) {
	net := build(t, "images", images)
	p := compile(t, lossOn(t, net), nn.Train(net), nn.Batch(4))
	feed(t, p)
	run := func(step uint64) (float32, []float32) {
		require.NoError(t, p.Run(step))
		return output(t, p, "loss")[0], append([]float32(nil), net.Gradients()...)
	}
	loss, gradients := run(1)
	other, _ := run(2)
	again, same := run(1)
	assert.Equal(t, loss, again)
	assert.Equal(t, gradients, same)
	assert.NotEqual(t, loss, other)
}

// TestTotalLoss: the total is the weighted sum of the losses.
func TestTotalLoss(t *testing.T) {
	net := build(t, "volumes", volumes)
	p := compile(t, lossOn(t, net), nn.Batch(2))
	feed(t, p)
	require.NoError(t, p.Run(0))
	total := output(t, p, "class")[0] + 3*output(t, p, "square")[0]
	assert.InDelta(t, total, output(t, p, "loss")[0], 1e-5)
}

// TestStatistics: training moves the running statistics, a frozen net and inference
// leave them alone, and inference uses them.
func TestStatistics(t *testing.T) {
	net := build(t, "images", images)
	before := append([]float32(nil), net.Statistics()...)

	inference := compile(t, lossOn(t, net), nn.Batch(4))
	feed(t, inference)
	require.NoError(t, inference.Run(0))
	assert.Equal(t, before, net.Statistics(), "inference")
	loss := output(t, inference, "loss")[0]

	g := nn.New("frozen")
	x := g.Map("x", 2, 8, 7)
	other := x.Conv(2, nn.K(1, 1))
	step, err := g.Loss("l", nn.MSE(net.Frozen().Apply(g, other).Vec("y"), g.Vec("target", 3))).Build()
	require.NoError(t, err)
	frozen := compile(t, step, nn.Train(step), nn.Batch(4))
	require.NoError(t, frozen.Run(0))
	assert.Equal(t, before, net.Statistics(), "frozen")

	training := compile(t, lossOn(t, net), nn.Train(net), nn.Batch(4))
	feed(t, training)
	require.NoError(t, training.Run(0))
	assert.NotEqual(t, before, net.Statistics(), "training")

	require.NoError(t, inference.Run(0))
	assert.NotEqual(t, loss, output(t, inference, "loss")[0])
}

// TestFrozen: through a frozen net gradients flow, but none is computed for its own
// weights.
func TestFrozen(t *testing.T) {
	d := build(t, "images", images)
	g := nn.New("generator")
	gen, err := g.Output("image", g.Vec("z", 6).Dense(2*8*7).Reshape(2, 8, 7)).Build()
	require.NoError(t, err)

	s := nn.New("step")
	fake := gen.Apply(s, s.Vec("z", 6)).Map("image")
	step, err := s.Loss("l", nn.MSE(d.Frozen().Apply(s, fake).Vec("y"), s.Vec("target", 3))).Build()
	require.NoError(t, err)
	p := compile(t, step, nn.Train(gen), nn.Batch(3))
	for i, z := 0, input(t, p, "z"); i < len(z); i++ {
		z[i] = float32(i%5) - 2
	}
	require.NoError(t, p.Run(0))
	assert.Zero(t, norm(d.Gradients()))
	assert.NotZero(t, norm(gen.Gradients()))

	var text strings.Builder
	require.NoError(t, p.Explain(&text))
	assert.Contains(t, text.String(), "backward_data")
	for _, row := range strings.Split(text.String(), "\n") {
		if strings.Contains(row, "backward_weights") {
			assert.Contains(t, row, "generator/", "a gradient of weights that nobody trains")
		}
	}

	_, err = nn.Compile(step, nn.Train(d), nn.Batch(3))
	assert.ErrorContains(t, err, `net "images" is to be trained and is nowhere applied, or only frozen`)
}

func norm(x []float32) float64 {
	s := 0.0
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return s
}

// TestAppliedTwice: the gradient of a net that is applied twice is the sum of both.
func TestAppliedTwice(t *testing.T) {
	d := twoHeads(t)
	gradients := func(parts ...int) []float32 {
		g := nn.New("step")
		for _, i := range parts {
			y := d.Apply(g, g.Vec(fmt.Sprint("x", i), 4)).Vec("b")
			g.Loss(fmt.Sprint("l", i), nn.MSE(y, g.Vec(fmt.Sprint("t", i), 2)))
		}
		step, err := g.Build()
		require.NoError(t, err)
		p := compile(t, step, nn.Train(d), nn.Batch(2))
		for _, i := range parts {
			r := philox.NewStream(1, uint64(i))
			for k, x := 0, input(t, p, fmt.Sprint("x", i)); k < len(x); k++ {
				x[k] = r.Float32()
			}
		}
		require.NoError(t, p.Run(0))
		return append([]float32(nil), d.Gradients()...)
	}
	a, b, both := gradients(1), gradients(2), gradients(1, 2)
	for i := range both {
		assert.InDelta(t, a[i]+b[i], both[i], 1e-6)
	}
	assert.NotZero(t, norm(both))
}

// TestUnusedParameters: a parameter on which no loss depends has gradient 0, also
// after another program has written one.
func TestUnusedParameters(t *testing.T) {
	d := twoHeads(t)
	for i := range d.Gradients() {
		d.Gradients()[i] = 1
	}
	g := nn.New("step")
	step, err := g.Loss("l", nn.MSE(d.Apply(g, g.Vec("x", 4)).Vec("a"), g.Vec("t", 1))).Build()
	require.NoError(t, err)
	require.NoError(t, compile(t, step, nn.Train(d)).Run(0))
	for _, p := range d.Params() {
		if strings.HasPrefix(p.Path, "dense_3/") {
			assert.Zero(t, norm(p.Grad), p.Path)
		}
	}
}

func TestCompileMistakes(t *testing.T) {
	net := build(t, "images", images)
	other := build(t, "volumes", volumes)
	tests := []struct {
		name    string
		net     *nn.Net
		options []nn.Option
		says    string
	}{
		{"empty batch", net, []nn.Option{nn.Batch(0)}, "a batch of 0: at least 1 is needed"},
		{"training without a loss", net, []nn.Option{nn.Train(net)}, "a net without losses cannot train"},
		{"training a net that is not there", lossOn(t, net), []nn.Option{nn.Train(other)}, `net "volumes" is to be trained and is nowhere applied`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := nn.Compile(test.net, test.options...)
			assert.ErrorContains(t, err, test.says)
			assert.ErrorContains(t, err, `nn: compile "`+test.net.Name()+`"`)
		})
	}
}

func TestPorts(t *testing.T) {
	p := compile(t, build(t, "images", images), nn.Batch(2))
	_, err := p.Input("nothing")
	assert.EqualError(t, err, `nn: program "images" has no input "nothing": ["x"] are there`)
	_, err = p.Output("nothing")
	assert.EqualError(t, err, `nn: program "images" has no output "nothing": ["y"] are there`)
	assert.Equal(t, 2, p.Batch())
	assert.Len(t, input(t, p, "x"), 2*2*8*7)
	assert.Len(t, output(t, p, "y"), 2*3)
}

// TestProfile: what is trained has rows forward and backward, inference forward ones,
// and together they are all that the program does.
func TestProfile(t *testing.T) {
	net := build(t, "images", images)
	for _, tc := range []struct {
		name     string
		options  []nn.Option
		backward bool
	}{
		{"inference", nil, false},
		{"training", []nn.Option{nn.Train(net)}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := compile(t, lossOn(t, net), append(tc.options, nn.Batch(4))...)
			p.StartProfile()
			require.NoError(t, p.Run(0))
			r, err := p.Profile()
			require.NoError(t, err)
			var flops int64
			directions := map[bool]bool{}
			for _, row := range r.Rows {
				assert.NotEmpty(t, row.Layer, "%+v", row)
				flops += row.FLOPs
				if row.Layer == "images/conv_1" {
					directions[row.Backward] = true
				}
			}
			assert.Equal(t, p.FLOPs(), flops)
			assert.True(t, directions[false])
			assert.Equal(t, tc.backward, directions[true])
		})
	}
}

func TestClosed(t *testing.T) {
	p, err := nn.Compile(build(t, "images", images))
	require.NoError(t, err)
	p.Close()
	p.Close()
	assert.ErrorIs(t, p.Run(0), nn.ErrClosed)
}
