package signs_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/signs"
)

// filled fills x from an index and the number of the step, and y with classes.
func filled(f func(k *training, i int) float64) func(k *training) {
	return func(k *training) {
		classes(5)(k)
		for i := range k.x {
			k.x[i] = float32(f(k, i))
		}
	}
}

// TestTroubleIsSaid makes trainings go wrong on purpose, one reason each.
func TestTroubleIsSaid(t *testing.T) {
	tests := []struct {
		name  string
		make  func(t testing.TB) *training
		fill  func(k *training)
		steps uint64
		kind  signs.Kind
		by    uint64 // the step at which it is said at the latest
		says  string
	}{
		{
			"a learning rate 100 times too large, of SGD",
			func(t testing.TB) *training { return perceptron(t, 32, sgd(3)) },
			classes(5), 10, signs.LearningRate, 2, `each step changes the weights of net "net" by more than 50% of their size, those of "dense_3/weights" by 25`,
		},
		{
			"a learning rate 1000 times too large, of Adam",
			func(t testing.TB) *training { return perceptron(t, 32, adam(1)) },
			classes(5), 10, signs.LearningRate, 2, `a learning rate of 1 is too large`,
		},
		{
			"a regression that runs away slowly",
			func(t testing.TB) *training {
				return newTraining(t, 64, []int{20}, func(x nn.Tensor) nn.Vec { return x.Vec().Dense(1) }, nn.MSE, 1, optim.SGD{LR: 0.4}.New)
			},
			classes(5), 200, signs.LearningRate, 60, `the loss of "step" has grown from`,
		},
		{
			"biases that silence a layer",
			func(t testing.TB) *training { return perceptron(t, 32, sgd(0.01), nn.InitBias(nn.Constant(-100))) },
			classes(5), 60, signs.DeadReLUs, 40, `no rectified unit had a gradient for the last 1000 samples in these layers of net "net": "dense_1" (64), "dense_2" (32); one such layer stops the learning of all that leads to it: a lower learning rate (it is 0.01)`,
		},
		{
			"a learning rate that kills units",
			func(t testing.TB) *training { return perceptron(t, 32, sgd(0.3)) },
			classes(5), 200, signs.DeadReLUs, 100, `of the 32 rectified units of "dense_2" in net "net" had no gradient for the last 1000 samples, and 0 of them never had one; they will not learn any more`,
		},
		{
			"a layer of convolutions without bias that dies",
			func(t testing.TB) *training {
				return newTraining(t, 32, []int{1, 6, 6}, func(x nn.Tensor) nn.Vec {
					return x.Map().Conv(8, nn.K(3, 3).NoBias().Init(nn.Constant(-1))).MaxPool(nn.K(2, 2)).ReLU().Flatten().Dense(5)
				}, nn.SoftmaxCE, 1, sgd(0.01))
			},
			filled(func(k *training, _ int) float64 { return k.draw.Float64() }), 60, signs.DeadReLUs, 40, `in these layers of net "net": "conv_1" (8); one`,
		},
		{
			"nothing gets a gradient",
			func(t testing.TB) *training {
				return newTraining(t, 32, []int{20}, func(x nn.Tensor) nn.Vec {
					return x.Vec().Dense(8, nn.InitBias(nn.Constant(-100))).ReLU().Dense(5, nn.NoBias())
				}, nn.SoftmaxCE, 1, sgd(0.01))
			},
			classes(5), 60, signs.Gradient, 20, `no gradient reaches net "net": that of the last 20 runs of "step" is exactly 0, at a loss of 1.609`,
		},
		{
			"a gradient that explodes", // a batch in the 60th step is far from all before
			func(t testing.TB) *training { return perceptron(t, 32, sgd(0.001)) },
			func(k *training) {
				classes(5)(k)
				if k.rule.Steps() >= 99 {
					for i := range k.x {
						k.x[i] *= 1e4
					}
				}
			}, 101, signs.Gradient, 100, `the gradient of net "net" has exploded: its norm is`,
		},
		{
			"bytes", func(t testing.TB) *training { return perceptron(t, 32, adam(1e-4)) },
			filled(func(k *training, _ int) float64 { return float64(k.draw.Intn(256)) }), 5, signs.Inputs, 3,
			`the input "x" of "step" is not normalised: feature`,
		},
		{
			"metres where there should be nanometres", func(t testing.TB) *training { return perceptron(t, 32, adam(1e-4)) },
			filled(func(k *training, _ int) float64 { return 1e-9 * k.draw.Normal() }), 5, signs.Inputs, 3, `the input "x" of "step" is tiny: all values lie within ±3.5e-09`,
		},
		{
			"a pressure among features", func(t testing.TB) *training { return perceptron(t, 32, adam(1e-4)) },
			filled(func(k *training, i int) float64 {
				if i%20 == 7 {
					return 10 + 0.03*k.draw.Normal()
				}
				return k.draw.Normal()
			}), 5, signs.Inputs, 3, `the input "x" of "step" is not centred: feature 7 has mean 9.998, deviation 0.03`,
		},
		{
			"an input that nobody fills", func(t testing.TB) *training { return perceptron(t, 32, adam(1e-4)) },
			filled(func(*training, int) float64 { return 0 }), 5, signs.Inputs, 3, `the input "x" of "step" is 0 in all places of the first 3 batches: was it filled, or bound?`,
		},
		{
			"NaN in the data", func(t testing.TB) *training { return perceptron(t, 4, adam(1e-4)) },
			func(k *training) {
				classes(5)(k)
				if k.rule.Steps() == 6 {
					k.x[2*20+11] = float32(math.NaN())
				}
			}, 9, signs.NotFinite, 7, `the input "x" of "step" holds NaN: sample 2 of the batch, element 11 of 20`,
		},
		{
			"a label that is no class", func(t testing.TB) *training { return perceptron(t, 4, adam(1e-4)) },
			func(k *training) { classes(5)(k); k.y[1] = 5 }, 3, signs.NotFinite, 1, `the loss of "step" is NaN in its first run, of finite inputs and weights: a target may be one that the loss does not know, such as a label that is no class`,
		},
		{
			"a parameter that is lost", func(t testing.TB) *training { return perceptron(t, 4, adam(1e-4)) },
			func(k *training) {
				classes(5)(k)
				if k.rule.Steps() == 4 {
					k.net.Params()[4].Data[3] = float32(math.NaN())
				}
			}, 8, signs.NotFinite, 5, `the loss of "step" is NaN, as the parameter "dense_3/weights" of net "net" holds NaN: it was lost in an update before: a learning rate lower than 0.0001 may help; the loss was`,
		},
		{
			"a divergence to infinity", func(t testing.TB) *training {
				return newTraining(t, 64, []int{20}, func(x nn.Tensor) nn.Vec { return x.Vec().Dense(1) }, nn.MSE, 1, sgd(1e3))
			}, classes(5), 40, signs.NotFinite, 40, `in the first`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			said := test.make(t).watched(t, &signs.Watch{}, test.steps, test.fill)
			i := slices.IndexFunc(said, func(s signs.Sign) bool {
				return s.Kind == test.kind && s.Step <= test.by && strings.Contains(s.Text, test.says)
			})
			assert.GreaterOrEqual(t, i, 0, "what was said: %v", said)
		})
	}
}
