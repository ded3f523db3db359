package nn_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// training is a program that trains what declare makes of an image.
func training(t *testing.T, declare func(x nn.Map) nn.Vec) *nn.Program {
	g := nn.New("net")
	net, err := g.Output("y", declare(g.Map("x", 1, 4, 4))).Build()
	require.NoError(t, err)
	s := nn.New("step")
	y := net.Apply(s, s.Map("x", 1, 4, 4)).Vec("y")
	return compile(t, s.Loss("l", nn.MSE(y, s.Vec("t", y.Features()))).MustBuild(), nn.Train(net), nn.Batch(4))
}

func TestRectifiedLayers(t *testing.T) {
	k := nn.K(3, 3).Same()
	tests := []struct {
		name    string
		declare func(x nn.Map) nn.Vec
		want    []string
	}{
		{"bias", func(x nn.Map) nn.Vec { return x.Conv(3, k).ReLU().Flatten().Dense(1) }, []string{"conv_1 3 by 3"}},
		{"no bias", func(x nn.Map) nn.Vec { return x.Flatten().Dense(5, nn.NoBias()).ReLU().Dense(1) }, []string{"dense_1 5 by 80"}},
		{"the offset of a normalisation", func(x nn.Map) nn.Vec { return x.Conv(3, k).BatchNorm().ReLU().Flatten().Dense(1) }, []string{"batch_norm_1 3 by 3"}},
		{"both ways of a sum, pooled", func(x nn.Map) nn.Vec {
			return x.Conv(3, k).Add(x.Conv(3, k).Scale(2)).MaxPool(nn.K(2, 2)).ReLU().Flatten().Dense(1)
		}, []string{"conv_1 3 by 3", "conv_2 3 by 3"}},
		{"a deconvolution", func(x nn.Map) nn.Vec { return x.Deconv(3, nn.DeconvK(2, 2)).ReLU().Flatten().Dense(1) }, []string{"deconv_1 3 by 3"}},
		{"a deconvolution without bias", func(x nn.Map) nn.Vec { return x.Deconv(3, nn.DeconvK(2, 2).NoBias()).ReLU().Flatten().Dense(1) }, nil},
		{"other functions", func(x nn.Map) nn.Vec { return x.Conv(3, k).LeakyReLU(0.1).Flatten().Dense(4).GELU().Dense(1) }, nil},
		{"the end of the net", func(x nn.Map) nn.Vec { return x.Flatten().Dense(4).ReLU() }, nil},
		{"units that are not those of the layer", func(x nn.Map) nn.Vec { return x.Conv(3, k).Flatten().ReLU().Dense(1) }, nil},
		{"an input", func(x nn.Map) nn.Vec { return x.ReLU().Flatten().Dense(1) }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, r := range training(t, test.declare).Rectified() {
				assert.Equal(t, "net", r.Net.Name())
				got = append(got, fmt.Sprintf("%s %d by %d", r.Layer, r.Units, len(r.Gradient)))
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// TestRectifiedLayersOfSeveralNets: a layer of a net that is applied twice is one layer, and
// those of frozen nets and of outputs without a loss are none.
func TestRectifiedLayersOfSeveralNets(t *testing.T) {
	d := nn.New("judge")
	h := d.Vec("x", 2).Dense(3).ReLU()
	judge := d.Output("real", h.Dense(1)).Output("energy", h.Dense(7).As("unasked").ReLU().Dense(1)).MustBuild()
	o := nn.New("other")
	other := o.Output("y", o.Vec("x", 2).Dense(4).ReLU().Dense(2)).MustBuild()

	s := nn.New("step")
	x := s.Vec("x", 2)
	one := judge.Apply(s, x).Vec("real")
	two := judge.Apply(s, other.Frozen().Apply(s, x).Get("y")).Vec("real")
	target := s.Vec("t", 1)
	step := s.Loss("a", nn.BCE(one, target)).Loss("b", nn.BCE(two, target)).MustBuild()
	list := compile(t, step, nn.Train(judge)).Rectified()
	require.Len(t, list, 1)
	assert.Equal(t, "dense_1", list[0].Layer)
	assert.Same(t, judge, list[0].Net)

	weightless := nn.New("weightless")
	y := other.Apply(weightless, weightless.Vec("x", 2)).Vec("y")
	weightless.Loss("a", nn.MSE(y, weightless.Vec("t", 2)).Weight(0))
	assert.Empty(t, compile(t, weightless.MustBuild(), nn.Train(other)).Rectified())
}

// TestTheGradientOfADeadUnitIsZero is what Rectified promises.
func TestTheGradientOfADeadUnitIsZero(t *testing.T) {
	p := training(t, func(x nn.Map) nn.Vec { return x.Conv(3, nn.K(3, 3)).BatchNorm().ReLU().Flatten().Dense(2) })
	r := p.Rectified()[0]
	for _, q := range r.Net.Params() {
		if q.Path == "batch_norm_1/beta" {
			q.Data[1] = -100
		}
	}
	x, err := p.Input("x")
	require.NoError(t, err)
	for i := range x {
		x[i] = float32(i * i % 17)
	}
	require.NoError(t, p.Run(0))
	assert.NotZero(t, r.Gradient[0])
	assert.Zero(t, r.Gradient[1])
	assert.NotZero(t, r.Gradient[2])
}
