package nn_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
)

// TestParametersBeginAsTheyAreTold gives every parameter of a net a value of its own to
// begin with.
func TestParametersBeginAsTheyAreTold(t *testing.T) {
	c := nn.Constant
	g := nn.New("net")
	images := g.Map("images", 2, 6, 6).
		Conv(3, nn.K(3, 3).Init(c(1)).InitBias(c(2))).BatchNorm(nn.Gamma(c(3)), nn.Momentum(0.5)).
		Deconv(2, nn.DeconvK(3, 3).Init(c(4)).InitBias(c(5))).GlobalAvgPool().Dense(2, nn.InitBias(c(7)), nn.Init(c(6)))
	volumes := conv3d.Input(g, "volumes", 1, 4, 4, 4).
		Conv(3, conv3d.K(3, 3, 3).Init(c(8)).InitBias(c(9))).
		Deconv(2, conv3d.DeconvK(3, 3, 3).Init(c(10)).InitBias(c(11)))
	net := g.Output("images", images).Output("volumes", volumes).MustBuild()

	want := map[string]float32{
		"conv_1/weights": 1, "conv_1/bias": 2, "batch_norm_1/gamma": 3, "batch_norm_1/beta": 0,
		"batch_norm_1/running_mean": 0, "batch_norm_1/running_var": 1,
		"deconv_1/weights": 4, "deconv_1/bias": 5, "dense_1/weights": 6, "dense_1/bias": 7,
		"conv_2/weights": 8, "conv_2/bias": 9, "deconv_2/weights": 10, "deconv_2/bias": 11,
	}
	for _, p := range net.Params() {
		assert.Equal(t, slices.Repeat([]float32{want[p.Path]}, len(p.Data)), p.Data, p.Path)
		delete(want, p.Path)
	}
	assert.Empty(t, want)
}
