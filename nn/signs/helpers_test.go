package signs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/signs"
)

// training is one net, one program and one optimizer.
type training struct {
	net     *nn.Net
	program *nn.Program
	rule    *optim.Optimizer
	x, y    []float32
	loss    []float32
	draw    philox.Stream
}

// newTraining trains what declare makes of an input x to have the loss against an input y.
func newTraining(t testing.TB, batch int, dims []int, declare func(x nn.Tensor) nn.Vec, loss func(y, target nn.Handle) nn.Loss, targets int,
	rule func(p optim.Params) (*optim.Optimizer, error),
) *training {
	g := nn.New("net")
	net, err := g.Output("y", declare(g.Input("x", dims...))).Build()
	require.NoError(t, err)
	s := nn.New("step")
	step, err := s.Loss("l", loss(net.Apply(s, s.Input("x", dims...)).Vec("y"), s.Vec("y", targets))).Build()
	require.NoError(t, err)
	k := &training{net: net, program: compiled(t, step, nn.Train(net), nn.Batch(batch)), draw: newDraw()}
	k.x, k.y, k.loss = input(t, k.program, "x"), input(t, k.program, "y"), output(t, k.program, "loss")
	k.rule, err = rule(net)
	require.NoError(t, err)
	return k
}

// step trains once on what fill makes.
func (k *training) step(t testing.TB, number uint64, fill func(k *training)) {
	fill(k)
	require.NoError(t, k.program.Run(number))
	k.rule.Step()
}

// watched trains for some steps and returns what was said of it.
func (k *training) watched(t testing.TB, w *signs.Watch, steps uint64, fill func(k *training)) []signs.Sign {
	w.Begin([]signs.Member{{Net: k.net, Optimizer: k.rule}}, 0)
	defer w.End()
	var said []signs.Sign
	for i := range steps {
		w.Before()
		k.step(t, i, fill)
		said = append(said, w.After()...)
	}
	assert.Equal(t, w.Signs(), said, "After returns each sign once")
	return said
}

// classes fills in noise of deviation 1 whose class shows in its first values.
func classes(n int) func(k *training) {
	return func(k *training) {
		for i := range k.x {
			k.x[i] = float32(k.draw.Normal())
		}
		size := len(k.x) / len(k.y)
		for i := range k.y {
			k.y[i] = float32(k.draw.Intn(n))
			k.x[i*size+int(k.y[i])] += 3
		}
	}
}

// perceptron is a net of two hidden layers that classifies vectors.
func perceptron(t testing.TB, batch int, rule func(p optim.Params) (*optim.Optimizer, error), options ...nn.DenseOption) *training {
	return newTraining(t, batch, []int{20}, func(x nn.Tensor) nn.Vec {
		return x.Vec().Dense(64, options...).ReLU().Dense(32, nn.Init(nn.HeNormal)).ReLU().Dense(5)
	}, nn.SoftmaxCE, 1, rule)
}

func sgd(lr float64) func(p optim.Params) (*optim.Optimizer, error) {
	return optim.SGD{LR: lr, Momentum: 0.9}.New
}

func adam(lr float64) func(p optim.Params) (*optim.Optimizer, error) { return optim.Adam{LR: lr}.New }

func compiled(t testing.TB, net *nn.Net, options ...nn.Option) *nn.Program {
	p, err := nn.Compile(net, options...)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func input(t testing.TB, p *nn.Program, name string) []float32 {
	x, err := p.Input(name)
	require.NoError(t, err)
	return x
}

func output(t testing.TB, p *nn.Program, name string) []float32 {
	x, err := p.Output(name)
	require.NoError(t, err)
	return x
}

func newDraw() philox.Stream { return philox.NewStream(5, 0) }
