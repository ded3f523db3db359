package signs_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/signs"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// quadrants fills images of values in [0, 1] with a bright square in one of four places.
func quadrants(k *training) {
	for i := range k.x {
		k.x[i] = 0.1 * k.draw.Float32()
	}
	for i := range k.y {
		c := k.draw.Intn(4)
		k.y[i] = float32(c)
		for row := range 4 {
			for column := range 4 {
				k.x[i*144+12*(1+6*(c/2)+row)+1+6*(c%2)+column] += 0.9
			}
		}
	}
}

// signOfSum fills sequences whose class is the sign of the sum of a feature.
func signOfSum(k *training) {
	size := len(k.x) / len(k.y)
	for i := range k.y {
		k.y[i] = 0
		sum := 0.0
		for j := range size {
			v := k.draw.Normal()
			k.x[i*size+j] = float32(v)
			if j%3 == 0 {
				sum += v
			}
		}
		if sum > 0 {
			k.y[i] = 1
		}
	}
}

// longTails fills in a target whose mean is that of rare large values.
func longTails(k *training) {
	for i := range k.x {
		k.x[i] = float32(k.draw.Normal())
	}
	for i := range k.y {
		k.y[i] = float32(math.Exp(2*k.draw.Normal())) + k.x[10*i]
	}
}

func convolutions(rule func(p optim.Params) (*optim.Optimizer, error)) func(t testing.TB) *training {
	return func(t testing.TB) *training {
		return newTraining(t, 16, []int{1, 12, 12}, func(x nn.Tensor) nn.Vec {
			return x.Map().Conv(8, nn.K(3, 3).Same()).ReLU().MaxPool(nn.K(2, 2)).
				Conv(16, nn.K(3, 3).Same()).ReLU().MaxPool(nn.K(2, 2)).Flatten().Dense(32).ReLU().Dense(4)
		}, nn.SoftmaxCE, 1, rule)
	}
}

func regression(batch int, rule func(p optim.Params) (*optim.Optimizer, error)) func(t testing.TB) *training {
	return func(t testing.TB) *training {
		return newTraining(t, batch, []int{10}, func(x nn.Tensor) nn.Vec {
			return x.Vec().Dense(32, nn.Init(nn.HeNormal)).ReLU().Dense(1)
		}, nn.MSE, 1, rule)
	}
}

// TestHealthyTrainingsAreLeftAlone: a false alarm would be worse than silence.
func TestHealthyTrainingsAreLeftAlone(t *testing.T) {
	tests := []struct {
		name  string
		make  func(t testing.TB) *training
		fill  func(k *training)
		steps uint64
	}{
		{"a bold learning rate", func(t testing.TB) *training { return perceptron(t, 32, sgd(0.1)) }, classes(5), 1000},
		{"Adam", func(t testing.TB) *training { return perceptron(t, 32, adam(1e-3)) }, classes(5), 1000},
		{"batches of 1", func(t testing.TB) *training { return perceptron(t, 1, adam(1e-3)) }, classes(5), 3000},
		{"images in [0, 1]", convolutions(sgd(0.01)), quadrants, 300},
		{"images in [0, 1], Adam", convolutions(adam(1e-3)), quadrants, 300},
		{"sequences", func(t testing.TB) *training {
			return newTraining(t, 16, []int{12, 3}, func(x nn.Tensor) nn.Vec { return x.Seq().LSTM(16).Last().Dense(2) }, nn.SoftmaxCE, 1, adam(1e-2))
		}, signOfSum, 400},
		{"targets with long tails, one by one", regression(1, adam(1e-2)), longTails, 3000},
		{"targets with long tails", regression(32, adam(1e-2)), longTails, 3000},
		{"a mask that is mostly 1", regression(8, adam(1e-3)), func(k *training) {
			longTails(k)
			for i := range k.x {
				k.x[i] = float32(min(1, k.draw.Intn(10000)))
			}
			k.x[k.draw.Intn(len(k.x))] = 0
		}, 60},
		{"a loss that reaches 0", func(t testing.TB) *training {
			return newTraining(t, 4, []int{10}, func(x nn.Tensor) nn.Vec { return x.Vec().Dense(1, nn.Init(nn.Constant(0))) }, nn.MSE, 1, adam(0.1))
		}, func(k *training) {
			for i := range k.x {
				k.x[i] = float32(k.draw.Normal())
			}
			clear(k.y)
		}, 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assert.Empty(t, test.make(t).watched(t, &signs.Watch{}, test.steps, test.fill))
		})
	}
}

// TestResidualNetsOfZeros trains a ResNet-8, whose blocks begin as the identity, on
// noise: with a warm-up, and with an optimizer that takes 40 steps to its first update.
func TestResidualNetsOfZeros(t *testing.T) {
	for _, accumulate := range []int{1, 40} {
		k := newTraining(t, 32, []int{3, 8, 8}, func(x nn.Tensor) nn.Vec {
			return zoo.CIFARResNet(x.Map(), 1, 10, zoo.CIFAROptions{Project: true, ZeroInit: zoo.ZeroInLast})
		}, nn.SoftmaxCE, 1, optim.SGD{LR: 0.1, Momentum: 0.9, Options: optim.Options{Accumulate: accumulate}}.New)
		assert.Empty(t, k.watched(t, &signs.Watch{}, 150, func(k *training) {
			k.rule.SetLR(0.1 * min(1, float64(k.rule.Steps())/50))
			classes(10)(k)
		}))
	}
}

// adversaries are a generator of numbers and its critic.
type adversaries struct {
	nets     [2]*nn.Net
	programs [2]*nn.Program
	rules    [2]*optim.Optimizer
}

func newAdversaries(t testing.TB) *adversaries {
	g := nn.New("generator")
	maker, err := g.Output("x", g.Vec("z", 4).Dense(32, nn.Init(nn.HeNormal)).ReLU().Dense(2)).Build()
	require.NoError(t, err)
	d := nn.New("critic")
	critic, err := d.Output("real", d.Vec("x", 2).Dense(64, nn.Init(nn.HeNormal)).ReLU().Dense(64, nn.Init(nn.HeNormal)).ReLU().Dense(1)).Build()
	require.NoError(t, err)

	judge := nn.New("judging")
	real := critic.Apply(judge, judge.Vec("x", 2)).Vec("real")
	judging, err := judge.Loss("l", nn.BCE(real, judge.Vec("label", 1))).Build()
	require.NoError(t, err)
	make := nn.New("making")
	real = critic.Frozen().Apply(make, maker.Apply(make, make.Vec("z", 4)).Get("x")).Vec("real")
	making, err := make.Loss("l", nn.BCE(real, make.Vec("label", 1))).Build()
	require.NoError(t, err)

	a := &adversaries{nets: [2]*nn.Net{maker, critic}}
	a.programs[0] = compiled(t, making, nn.Train(maker), nn.Batch(32))
	a.programs[1] = compiled(t, judging, nn.Train(critic), nn.Batch(32))
	for i, rate := range []float64{1e-5, 1e-2} { // the critic is to win
		a.rules[i], err = optim.Adam{LR: rate, Beta1: 0.5}.New(a.nets[i])
		require.NoError(t, err)
	}
	return a
}

// TestALossMayRiseWhereNetsContend trains a GAN whose critic wins: the generator's loss
// rises to many times of what it was, and the fakes on which the critic is trained last
// have no gradient in units that real data excite.
func TestALossMayRiseWhereNetsContend(t *testing.T) {
	a := newAdversaries(t)
	var w signs.Watch
	w.Begin([]signs.Member{{a.nets[0], a.rules[0]}, {a.nets[1], a.rules[1]}, {Net: a.nets[0]}}, 0)
	defer w.End()
	k := training{draw: newDraw()}
	loss := output(t, a.programs[0], "loss")
	first := float32(0)
	for step := range uint64(600) {
		w.Before()
		for i, shift := range []float64{5, -5} { // real, then fakes of a poor generator
			x, label := input(t, a.programs[1], "x"), input(t, a.programs[1], "label")
			for j := range x {
				x[j] = float32(shift + k.draw.Normal())
			}
			for j := range label {
				label[j] = float32(1 - i)
			}
			require.NoError(t, a.programs[1].Run(step))
			a.rules[1].Step()
		}
		z, label := input(t, a.programs[0], "z"), input(t, a.programs[0], "label")
		for j := range z {
			z[j] = float32(k.draw.Normal())
		}
		for j := range label {
			label[j] = 1
		}
		require.NoError(t, a.programs[0].Run(step))
		a.rules[0].Step()
		if step == 0 {
			first = loss[0]
		}
		assert.Empty(t, w.After())
	}
	assert.Greater(t, loss[0], 3*first, "else the test shows nothing")
}
