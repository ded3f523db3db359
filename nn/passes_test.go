package nn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// trainOn runs one training step of a net on images and returns its loss and
// gradients, and what the compiler says.
func trainOn(t *testing.T, declare func(x nn.Map) nn.Map) (loss float32, gradients []float32, explained string) {
	g := nn.New("net")
	y := declare(g.Map("x", 2, 6, 5))
	net, err := g.Loss("l", nn.MSE(y.Sum(), g.Vec("t", 1))).Build()
	require.NoError(t, err)
	p := compile(t, net, nn.Train(net), nn.Batch(2))
	for i, x := 0, input(t, p, "x"); i < len(x); i++ {
		x[i] = float32(i%7)/7 - 0.4
	}
	require.NoError(t, p.Run(0))
	var b strings.Builder
	require.NoError(t, p.Explain(&b))
	return output(t, p, "l")[0], net.Gradients(), b.String()
}

// TestRewritesKeepTheResult compares graphs that the compiler rewrites with graphs
// that say the same and that it leaves alone: a factor of 1 stands in the way.
func TestRewritesKeepTheResult(t *testing.T) {
	tests := []struct {
		name             string
		rewritten, plain func(x nn.Map) nn.Map
		says             string
	}{
		{
			"padding into a convolution",
			func(x nn.Map) nn.Map { return x.Pad(2, 1).Conv(3, nn.K(3, 4).PadAfter(0, 1)) },
			func(x nn.Map) nn.Map { return x.Pad(2, 1).Scale(1).Conv(3, nn.K(3, 4).PadAfter(0, 1)) },
			`Pad "pad_1" (passes_test.go:`,
		},
		{
			"activation into a convolution",
			func(x nn.Map) nn.Map { return x.Conv(3, nn.K(3, 3)).LeakyReLU(0.3).Conv(2, nn.K(1, 1)) },
			func(x nn.Map) nn.Map { return x.Conv(3, nn.K(3, 3)).Scale(1).LeakyReLU(0.3).Conv(2, nn.K(1, 1)) },
			`LeakyReLU "leaky_relu_1" (passes_test.go:`,
		},
		{
			"activation into a deconvolution",
			func(x nn.Map) nn.Map { return x.Deconv(3, nn.DeconvK(3, 3).Stride(2, 2)).Tanh() },
			func(x nn.Map) nn.Map { return x.Deconv(3, nn.DeconvK(3, 3).Stride(2, 2)).Scale(1).Tanh() },
			`Tanh "tanh_1" (passes_test.go:`,
		},
		{
			"activation into batch normalisation",
			func(x nn.Map) nn.Map { return x.BatchNorm().ELU(1).Conv(2, nn.K(1, 1)) },
			func(x nn.Map) nn.Map { return x.BatchNorm().Scale(1).ELU(1).Conv(2, nn.K(1, 1)) },
			`ELU "elu_1" (passes_test.go:`,
		},
		{
			"activation that somebody else's input is too",
			func(x nn.Map) nn.Map { h := x.Conv(2, nn.K(3, 3)); return h.ReLU().Add(h.Scale(2)) },
			func(x nn.Map) nn.Map { h := x.Conv(2, nn.K(3, 3)); return h.Scale(1).ReLU().Add(h.Scale(2)) },
			"",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			loss, gradients, explained := trainOn(t, test.rewritten)
			wantLoss, want, plain := trainOn(t, test.plain)
			assert.InDelta(t, wantLoss, loss, 1e-5)
			assert.InDeltaSlice(t, want, gradients, 1e-4)
			if test.says == "" {
				assert.NotContains(t, explained, " into ")
			}
			assert.Contains(t, explained, test.says)
			assert.NotContains(t, plain, " into ")
		})
	}
}

// TestFusedActivationIsNotAStep: what is fused takes no step of its own.
func TestFusedActivationIsNotAStep(t *testing.T) {
	g := nn.New("net")
	net, err := g.Output("y", g.Map("x", 2, 6, 5).Pad(1, 1).Conv(3, nn.K(3, 3)).BatchNorm().ReLU()).Build()
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, compile(t, net).Explain(&b))
	_, steps, _ := strings.Cut(b.String(), "step  layer")
	assert.NotContains(t, steps, "eltwise")
	assert.NotContains(t, steps, "pad")
	layers := strings.Count(strings.TrimSpace(steps), "\n") - strings.Count(steps, "  reorder  ")
	assert.Equal(t, 2, layers, steps) // the convolution, and its weights with the normalisation
}
