package optim

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClipNormMeasuresOnly: at infinity nothing changes, and the norm is told.
func TestClipNormMeasuresOnly(t *testing.T) {
	a, b := random(5*blockSize), random(5*blockSize)
	plain, measured := made(t, Adam{}, a), made(t, Adam{Options: Options{ClipNorm: math.Inf(1)}}, b)
	run(plain, a, 3)
	run(measured, b, 3)
	assert.Equal(t, a.weights[:99], b.weights[:99])
	assert.InDelta(t, math.Sqrt(5*blockSize), measured.GradientNorm(), 4, "of as many normal numbers")
	assert.Zero(t, plain.GradientNorm())
}

// TestClippingHidesNothing: a gradient that is no number makes weights that are none.
func TestClippingHidesNothing(t *testing.T) {
	for name, o := range map[string]Options{"norm": {ClipNorm: 1}, "value": {ClipValue: 1}} {
		for _, bad := range []float64{math.NaN(), math.Inf(1)} {
			if name == "value" && math.IsInf(bad, 1) {
				continue // is a large number, and clipped
			}
			f := random(40)
			s := made(t, SGD{Options: o}, f)
			f.gradients[17] = float32(bad)
			s.Step()
			assert.True(t, math.IsNaN(float64(f.weights[17])), "%s, %g", name, bad)
		}
	}
}

// classifier is a net with all kinds of tensors, but for what depends on the batch.
func classifier(t *testing.T, normalised bool) *nn.Net {
	t.Helper()
	g := nn.New("classifier")
	h := g.Map("x", 2, 6, 6).Conv(4, nn.K(3, 3)).ReLU()
	if normalised {
		h = h.BatchNorm()
	}
	n, err := g.Loss("ce", nn.SmoothSoftmaxCE(h.Flatten().Dense(3), g.Vec("label", 1), 0.1)).Build()
	require.NoError(t, err)
	n.Init(3)
	return n
}

// feed runs a program on samples of a set that begins with sample first.
func feed(t *testing.T, p *nn.Program, first int) {
	t.Helper()
	x, err := p.Input("x")
	require.NoError(t, err)
	label, err := p.Input("label")
	require.NoError(t, err)
	length := len(x) / p.Batch()
	for i := range p.Batch() {
		fill(x[i*length:][:length], uint64(first+i))
		label[i] = float32((first + i) % 3)
	}
	require.NoError(t, p.Run(0))
}

// TestAccumulateIsOneBigBatch: four batches of 3 train like one of 12.
func TestAccumulateIsOneBigBatch(t *testing.T) {
	for name, rule := range map[string]func(Options) maker{
		"sgd":  func(o Options) maker { return SGD{LR: 0.1, Momentum: 0.9, WeightDecay: 0.01, Options: o} },
		"lars": func(o Options) maker { return LARS{LR: 5, Trust: 0.02, Options: o} },
		"lamb": func(o Options) maker { return LAMB{LR: 0.01, Options: o} },
	} {
		t.Run(name, func(t *testing.T) {
			train := func(batch, every int) []float32 {
				n := classifier(t, false)
				p, err := nn.Compile(n, nn.Train(n), nn.Batch(batch))
				require.NoError(t, err)
				defer p.Close()
				o := made(t, rule(Options{NoDecay: Vectors, ClipNorm: 0.5, Accumulate: every}), n)
				for first := 0; first < 60; first += batch {
					feed(t, p, first)
					o.Step()
				}
				assert.NotZero(t, o.GradientNorm())
				return n.Weights()
			}
			golden.Close(t, train(12, 1), train(3, 4), 1e-5)
		})
	}
}

// TestNoDecayOfANet: without gradient only decay moves weights, and it moves those that
// it should.
func TestNoDecayOfANet(t *testing.T) {
	for name, tt := range map[string]struct {
		choice func(nn.Param) bool
		stay   []string
	}{
		"none":        {nil, nil},
		"vectors":     {Vectors, []string{"conv_1/bias", "batch_norm_1/gamma", "batch_norm_1/beta", "dense_1/bias"}},
		"scales only": {Named("gamma", "beta"), []string{"batch_norm_1/gamma", "batch_norm_1/beta"}},
	} {
		t.Run(name, func(t *testing.T) {
			n := classifier(t, true)
			for i := range n.Weights() {
				n.Weights()[i] = 1
			}
			made(t, AdamW{LR: 0.5, WeightDecay: 0.5, Options: Options{NoDecay: tt.choice}}, n).Step()
			var stay []string
			for _, p := range n.Params() {
				if p.Grad == nil {
					continue
				}
				if p.Data[0] == 1 {
					stay = append(stay, p.Path)
				} else {
					assert.Equal(t, float32(0.75), p.Data[0], p.Path)
				}
			}
			assert.Equal(t, tt.stay, stay)
		})
	}
}
