package nn_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
