package nn_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
)

// run is what a run of a training step left behind.
type run struct {
	loss      float32
	gradients []float32
	explained string
	flops     int64
}

// trainStep runs one step of a net that declare makes of an input of its choice. The
// gradient of the input passes through a layer in front of it.
func trainStep(t *testing.T, declare func(g *nn.Graph) nn.Vec) run {
	g := nn.New("net")
	net, err := g.Loss("l", nn.MSE(declare(g), g.Vec("t", 1))).Build()
	require.NoError(t, err)
	p := compile(t, net, nn.Train(net), nn.Batch(3))
	for i, x := 0, input(t, p, "x"); i < len(x); i++ {
		x[i] = float32(i%7)/7 - 0.4
	}
	require.NoError(t, p.Run(0))
	var b strings.Builder
	require.NoError(t, p.Explain(&b))
	return run{output(t, p, "l")[0], net.Gradients(), b.String(), p.FLOPs()}
}

// TestUpsamplingFoldsIntoConvolution compares with the same net in which a factor of
// 1 keeps up-sampling and convolution apart. Sums of the same products in another
// order may differ by some units in the last place: 1e-5 of the largest gradient is
// allowed.
func TestUpsamplingFoldsIntoConvolution(t *testing.T) {
	image := func(after func(x nn.Map) nn.Map) func(*nn.Graph) nn.Vec {
		return func(g *nn.Graph) nn.Vec { return after(g.Map("x", 4, 5, 3).Conv(4, nn.K(1, 1))).Tanh().Sum() }
	}
	vol := func(after func(x conv3d.Vol) conv3d.Vol) func(*nn.Graph) nn.Vec {
		return func(g *nn.Graph) nn.Vec {
			return after(conv3d.Input(g, "x", 2, 3, 2, 3).Conv(2, conv3d.K(1, 1, 1))).Tanh().Sum()
		}
	}
	tests := []struct {
		name          string
		folded, apart func(*nn.Graph) nn.Vec
	}{
		{
			"image",
			image(func(x nn.Map) nn.Map { return x.Upsample(2, 2).Conv(3, nn.K(3, 3).Same()) }),
			image(func(x nn.Map) nn.Map { return x.Upsample(2, 2).Scale(1).Conv(3, nn.K(3, 3).Same()) }),
		},
		{
			"even kernel, one axis, no bias",
			image(func(x nn.Map) nn.Map { return x.Upsample(1, 3).Conv(3, nn.K(2, 4).Same().NoBias()) }),
			image(func(x nn.Map) nn.Map { return x.Upsample(1, 3).Scale(1).Conv(3, nn.K(2, 4).Same().NoBias()) }),
		},
		{
			"padding between, asymmetric",
			image(func(x nn.Map) nn.Map { return x.Upsample(3, 2).Pad(1, 2).Conv(3, nn.K(4, 4).PadAfter(1, 0)) }),
			image(func(x nn.Map) nn.Map {
				return x.Upsample(3, 2).Scale(1).Pad(1, 2).Conv(3, nn.K(4, 4).PadAfter(1, 0))
			}),
		},
		{
			"groups and an activation",
			image(func(x nn.Map) nn.Map { return x.Upsample(2, 2).Conv(6, nn.K(3, 3).Groups(2)).LeakyReLU(0.3) }),
			image(func(x nn.Map) nn.Map { return x.Upsample(2, 2).Scale(1).Conv(6, nn.K(3, 3).Groups(2)).LeakyReLU(0.3) }),
		},
		{
			"volume",
			vol(func(x conv3d.Vol) conv3d.Vol { return x.Upsample(2, 2, 2).Conv(3, conv3d.K(3, 4, 2).Pad(1, 2, 0)) }),
			vol(func(x conv3d.Vol) conv3d.Vol {
				return x.Upsample(2, 2, 2).Scale(1).Conv(3, conv3d.K(3, 4, 2).Pad(1, 2, 0))
			}),
		},
		{
			"volume, another scale on each axis",
			vol(func(x conv3d.Vol) conv3d.Vol {
				return x.Upsample(3, 1, 2).Conv(3, conv3d.K(2, 2, 5).PadBefore(1, 0, 4))
			}),
			vol(func(x conv3d.Vol) conv3d.Vol {
				return x.Upsample(3, 1, 2).Scale(1).Conv(3, conv3d.K(2, 2, 5).PadBefore(1, 0, 4))
			}),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, want := trainStep(t, test.folded), trainStep(t, test.apart)
			assert.InEpsilon(t, want.loss, got.loss, 1e-5)
			largest := 0.0
			for _, v := range want.gradients {
				largest = max(largest, math.Abs(float64(v)))
			}
			assert.InDeltaSlice(t, want.gradients, got.gradients, 1e-5*largest)
			assert.Contains(t, got.explained, "of the multiplications are saved")
			assert.NotContains(t, got.explained, "resampling_nearest")
			assert.NotContains(t, want.explained, "are saved")
			assert.Less(t, got.flops, want.flops)
		})
	}
}

// TestPointwiseConvolutionBeforeUpsampling: the result is the same, from a ninth of the
// multiplications.
func TestPointwiseConvolutionBeforeUpsampling(t *testing.T) {
	declare := func(between func(nn.Map) nn.Map) func(*nn.Graph) nn.Vec {
		return func(g *nn.Graph) nn.Vec {
			h := g.Map("x", 4, 5, 3).Conv(4, nn.K(3, 3)).Tanh()
			return between(h.Upsample(3, 3)).Conv(5, nn.K(1, 1)).ReLU().Sum()
		}
	}
	got := trainStep(t, declare(func(x nn.Map) nn.Map { return x }))
	want := trainStep(t, declare(func(x nn.Map) nn.Map { return x.Scale(1) }))
	assert.InEpsilon(t, want.loss, got.loss, 1e-5)
	assert.InDeltaSlice(t, want.gradients, got.gradients, 1e-4)
	assert.Contains(t, got.explained, `Upsample "upsample_1" (fold_test.go:`)
	assert.Contains(t, got.explained, `behind Conv "conv_2" (fold_test.go:`)
	assert.Less(t, got.flops, want.flops)
}

// TestUpsamplingThatStays: what somebody else reads too is made.
func TestUpsamplingThatStays(t *testing.T) {
	g := nn.New("net")
	h := g.Map("x", 2, 6, 5).Upsample(2, 2)
	net, err := g.Output("y", h.Conv(2, nn.K(3, 3).Same()).Add(h)).Build()
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, compile(t, net).Explain(&b))
	assert.Contains(t, b.String(), "resampling_nearest")
}

// infer builds a net with parameters that are all different, runs it for inference
// and returns its output and what the compiler says.
func infer(t *testing.T, batch int, declare func(*nn.Graph) nn.Handle) (y []float32, explained string) {
	g := nn.New("net")
	net, err := g.Output("y", declare(g)).Build()
	require.NoError(t, err)
	r := philox.NewStream(1, 2)
	for i := range net.Weights() {
		net.Weights()[i] = r.Float32() - 0.4
	}
	for i := range net.Statistics() {
		net.Statistics()[i] = r.Float32() + 0.1
	}
	p := compile(t, net, nn.Batch(batch))
	for i, x := 0, input(t, p, "x"); i < len(x); i++ {
		x[i] = r.Float32() - 0.5
	}
	require.NoError(t, p.Run(0))
	var b strings.Builder
	require.NoError(t, p.Explain(&b))
	return output(t, p, "y"), b.String()
}

// TestBatchNormFoldsIntoWhatIsBefore compares with the same net in which a factor of 1
// keeps the normalisation apart; 2e-6 of the largest result is for the rounding of the
// weights that include it.
func TestBatchNormFoldsIntoWhatIsBefore(t *testing.T) {
	maps := func(c int, layer func(nn.Map) nn.Map, after func(nn.Map) nn.Map) [2]func(*nn.Graph) nn.Handle {
		return [2]func(*nn.Graph) nn.Handle{
			func(g *nn.Graph) nn.Handle { return after(layer(g.Map("x", c, 9, 8)).BatchNorm()) },
			func(g *nn.Graph) nn.Handle { return after(layer(g.Map("x", c, 9, 8)).Scale(1).BatchNorm()) },
		}
	}
	nothing := func(x nn.Map) nn.Map { return x }
	for _, test := range []struct {
		name string
		nets [2]func(*nn.Graph) nn.Handle // the second keeps them apart
	}{
		{"convolution", maps(3, func(x nn.Map) nn.Map { return x.Conv(5, nn.K(3, 3).Same()) },
			func(x nn.Map) nn.Map { return x.LeakyReLU(0.3) })},
		{"convolution without bias in groups", maps(4, func(x nn.Map) nn.Map { return x.Conv(6, nn.K(2, 3).Groups(2).NoBias()) }, nothing)},
		{"deconvolution in groups", maps(4, func(x nn.Map) nn.Map { return x.Deconv(6, nn.DeconvK(2, 3).Stride(2, 1).Groups(2)) }, nn.Map.Tanh)},
		{"deconvolution without bias", maps(3, func(x nn.Map) nn.Map { return x.Deconv(5, nn.DeconvK(2, 2).NoBias()) }, nothing)},
		{"up-sampling and convolution", maps(3, func(x nn.Map) nn.Map { return x.Upsample(2, 2).Conv(5, nn.K(3, 3).Same()) }, nn.Map.ReLU)},
		{"up-sampling and convolution of one element", maps(3, func(x nn.Map) nn.Map { return x.Upsample(2, 2).Conv(5, nn.K(1, 1)) }, nothing)},
		{"dense", [2]func(*nn.Graph) nn.Handle{
			func(g *nn.Graph) nn.Handle { return g.Vec("x", 6).Dense(4).BatchNorm() },
			func(g *nn.Graph) nn.Handle { return g.Vec("x", 6).Dense(4).Scale(1).BatchNorm() },
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, explained := infer(t, 8, test.nets[0])
			want, apart := infer(t, 8, test.nets[1])
			largest := 0.0
			for _, v := range want {
				largest = max(largest, math.Abs(float64(v)))
			}
			assert.InDeltaSlice(t, want, got, 2e-6*largest)
			assert.NotContains(t, explained, "  batch_normalization")
			assert.Contains(t, explained, `BatchNormInference "batch_norm_1"`)
			assert.Contains(t, apart, "  batch_normalization")
		})
	}
}

// TestBatchNormThatStays: what is before it has more weights than results.
func TestBatchNormThatStays(t *testing.T) {
	declare := func(g *nn.Graph) nn.Handle { return g.Vec("x", 70).Dense(3).BatchNorm().ReLU() }
	_, one := infer(t, 1, declare)
	_, many := infer(t, 70, declare)
	assert.Contains(t, one, "stays: it normalises 3 elements, and Dense \"dense_1\"")
	assert.Contains(t, one, "  batch_normalization")
	assert.NotContains(t, many, "  batch_normalization")
}

// TestFoldedWeightsFollowTheParameters: a program for inference sees what training
// did to the net since it was compiled.
func TestFoldedWeightsFollowTheParameters(t *testing.T) {
	g := nn.New("net")
	net, err := g.Output("y", g.Map("x", 2, 5, 5).Upsample(2, 2).Conv(3, nn.K(3, 3)).BatchNorm()).Build()
	require.NoError(t, err)
	old := compile(t, net)
	runOnOnes := func(p *nn.Program) []float32 {
		for i, x := 0, input(t, p, "x"); i < len(x); i++ {
			x[i] = 1
		}
		require.NoError(t, p.Run(0))
		return append([]float32(nil), output(t, p, "y")...)
	}
	before := runOnOnes(old)
	for i := range net.Weights() {
		net.Weights()[i] += 0.25
	}
	assert.NotEqual(t, before, runOnOnes(old))
	assert.Equal(t, runOnOnes(compile(t, net)), runOnOnes(old))
}

// TestConstantsAreFolded: a loss under two names has a gradient that begins with the
// sum of two weights, which is no step of the program.
func TestConstantsAreFolded(t *testing.T) {
	gradients := func(weights ...float64) (g []float32, explained string) {
		graph := nn.New("net")
		l := nn.MSE(graph.Vec("x", 3).Dense(1), graph.Vec("t", 1))
		for i, w := range weights {
			graph.Loss(string(rune('a'+i)), l.Weight(w))
		}
		net, err := graph.Build()
		require.NoError(t, err)
		p := compile(t, net, nn.Train(net), nn.Batch(2))
		copy(input(t, p, "x"), []float32{1, 2, 3, 4, 5, 6})
		require.NoError(t, p.Run(0))
		var b strings.Builder
		require.NoError(t, p.Explain(&b))
		return net.Gradients(), b.String()
	}
	got, explained := gradients(2, 0.5)
	want, plain := gradients(2.5)
	assert.Equal(t, want, got)
	assert.Contains(t, explained, "of constants is one")
	assert.NotContains(t, explained, "alg:sum")
	assert.NotContains(t, plain, "of constants is one")
}
