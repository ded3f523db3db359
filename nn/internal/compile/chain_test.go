package compile_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/internal/compile"
)

// outcome is all that a training step leaves behind.
type outcome struct {
	loss                  float32
	gradients, statistics []float32
	explained             string
}

func trainStep(t *testing.T, batch int, declare func(x nn.Map) nn.Map) outcome {
	g := nn.New("net")
	net, err := g.Loss("l", nn.MSE(declare(g.Map("x", 3, 5, 4)).Sum(), g.Vec("t", 1))).Build()
	require.NoError(t, err)
	p, err := nn.Compile(net, nn.Train(net), nn.Batch(batch), nn.Seed(3))
	require.NoError(t, err)
	defer p.Close()
	x, err := p.Input("x")
	require.NoError(t, err)
	r := philox.NewStream(1, 2)
	for i := range x {
		x[i] = r.Float32() - 0.5
	}
	require.NoError(t, p.Run(5))
	l, err := p.Output("l")
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, p.Explain(&b))
	return outcome{l[0], slices.Clone(net.Gradients()), slices.Clone(net.Statistics()), b.String()}
}

// steps is the number of primitives that Explain lists.
func steps(explained string) int {
	_, table, _ := strings.Cut(explained, "\nstep ")
	return strings.Count(table, "\n") - 1
}

// TestChainsKeepTheBits compares training steps with and without chains.
func TestChainsKeepTheBits(t *testing.T) {
	block := func(x nn.Map, between func(nn.Map) nn.Map) nn.Map {
		return between(x.Conv(3, nn.K(3, 3).Same())).Conv(3, nn.K(3, 3).Same())
	}
	for _, test := range []struct {
		name string
		net  func(x nn.Map) nn.Map
		says []string // of the chains
	}{
		{
			"dropout behind batch normalisation, the activation before it on the way back",
			func(x nn.Map) nn.Map {
				return block(x, func(x nn.Map) nn.Map { return x.LeakyReLU(0.3).BatchNorm().Dropout(0.3) })
			},
			[]string{`Dropout "dropout_1"`, `LeakyReLUBackward "leaky_relu_1"`},
		},
		{
			"a residual, added to and activated",
			func(x nn.Map) nn.Map {
				return block(x, func(x nn.Map) nn.Map { return x.Conv(3, nn.K(1, 1)).BatchNorm().Add(x).ReLU() })
			},
			[]string{`Add "add_1"`, `ReLU "relu_1"`},
		},
		{
			"a residual that is added to the result",
			func(x nn.Map) nn.Map {
				return block(x, func(x nn.Map) nn.Map { return x.ReLU().Add(x.Conv(3, nn.K(1, 1)).BatchNorm()) })
			},
			[]string{`Add "add_1"`},
		},
		{
			"two residuals",
			func(x nn.Map) nn.Map {
				return block(x, func(x nn.Map) nn.Map { return x.BatchNorm().Add(x.Tanh().BatchNorm()).Mul(x).GELU() })
			},
			[]string{`Add "add_1"`, `TanhBackward "tanh_1"`},
		},
		{
			"dropout behind a convolution",
			func(x nn.Map) nn.Map {
				return block(x, func(x nn.Map) nn.Map { return x.LeakyReLU(0.3).Dropout(0.5) })
			},
			[]string{`Dropout "dropout_1" (unknown place) behind Conv "conv_1"`, `LeakyReLUBackward`, `behind ConvBackwardData "conv_2"`},
		},
		{
			"a sum behind a convolution, and on the way back",
			func(x nn.Map) nn.Map {
				return block(x, func(x nn.Map) nn.Map { return x.Conv(3, nn.K(3, 3).Same()).Add(x.ReLU().Conv(3, nn.K(1, 1))).ReLU() })
			},
			[]string{`Add "add_1" (unknown place) behind Conv "conv_2"`, `Add "conv_1" (unknown place) behind ConvBackwardData`},
		},
		{
			"three terms, of which only the first can be led up to",
			func(x nn.Map) nn.Map {
				return block(x, func(x nn.Map) nn.Map { return x.Add(x.Tanh(), x.Scale(2)).Scale(0.5) })
			},
			[]string{`Scale "scale_2"`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			// Chains change which layouts are the best, and those the order of sums.
			t.Setenv("CASCADE_LAYOUT", "NCX")
			for _, batch := range []int{3, 16} {
				got := trainStep(t, batch, test.net)
				back := compile.Without("chain")
				want := trainStep(t, batch, test.net)
				back()
				for _, s := range test.says {
					assert.Contains(t, got.explained, s)
				}
				assert.Contains(t, got.explained, " behind ")
				assert.NotContains(t, want.explained, " behind ")
				assert.Less(t, steps(got.explained), steps(want.explained))
				got.explained, want.explained = "", ""
				assert.Equal(t, want, got, "batch %d", batch)
			}
			for _, layout := range []string{"NCX16c", "NCX16n"} {
				t.Setenv("CASCADE_LAYOUT", layout)
				got := trainStep(t, 16, test.net)
				back := compile.Without("chain")
				want := trainStep(t, 16, test.net)
				back()
				assert.InEpsilon(t, want.loss, got.loss, 1e-5, layout)
				assert.InDeltaSlice(t, want.gradients, got.gradients, 1e-4, layout)
				assert.InDeltaSlice(t, want.statistics, got.statistics, 1e-6, layout)
			}
		})
	}
}

// TestActivationLooksAtTheResultOfDropout: that changes no bit, and saves the memory of
// what was dropped from.
func TestActivationLooksAtTheResultOfDropout(t *testing.T) {
	t.Setenv("CASCADE_LAYOUT", "NCX")
	for name, activate := range map[string]func(x nn.Map) nn.Map{
		"relu": nn.Map.ReLU, "leaky relu": func(x nn.Map) nn.Map { return x.LeakyReLU(0.3) },
	} {
		t.Run(name, func(t *testing.T) {
			declare := func(x nn.Map) nn.Map { return activate(x.Conv(3, nn.K(3, 3))).Dropout(0.5).Conv(2, nn.K(1, 1)) }
			got := trainStep(t, 16, declare)
			back := compile.Without("dropout")
			want := trainStep(t, 16, declare)
			back()
			assert.Contains(t, got.explained, `looks at the result of Dropout "dropout_1"`)
			assert.Contains(t, got.explained, `Dropout "dropout_1" (unknown place) behind Conv "conv_1"`)
			assert.NotContains(t, want.explained, `Dropout "dropout_1" (unknown place) behind Conv "conv_1"`)
			got.explained, want.explained = "", ""
			assert.Equal(t, want, got)
		})
	}
	tanh := trainStep(t, 3, func(x nn.Map) nn.Map { return x.Conv(3, nn.K(3, 3)).Tanh().Dropout(0.5).Conv(2, nn.K(1, 1)) })
	assert.NotContains(t, tanh.explained, "looks at the result")
}

// TestNoChainOverWhatIsReadTwice: neither over a result of the program, nor where an
// operand of the next link needs the chain itself.
func TestNoChainOverWhatIsReadTwice(t *testing.T) {
	g := nn.New("net")
	x := g.Map("x", 3, 5, 4)
	twice, out := x.Scale(2), x.Scale(3)
	net, err := g.Output("twice", twice.ReLU().Add(twice)).Output("out", out).Output("relu", out.ReLU()).Build()
	require.NoError(t, err)
	p, err := nn.Compile(net)
	require.NoError(t, err)
	defer p.Close()
	var b strings.Builder
	require.NoError(t, p.Explain(&b))
	assert.Contains(t, b.String(), `Add "add_1" (unknown place) behind ReLU`)
	assert.Equal(t, 1, strings.Count(b.String(), " behind "))
}
