package nn_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/nn"
)

// TestInputsTellWhichAreRaw: the names say what becomes of them.
func TestInputsTellWhichAreRaw(t *testing.T) {
	other := nn.New("other")
	frozen := other.Output("y", other.Vec("x", 3).Dense(4)).MustBuild()

	g := nn.New("net")
	image := g.Map("image", 1, 4, 4)
	h := image.Pad(1, 1).Conv(2, nn.K(3, 3)).ReLU().Flatten().
		Concat(g.Vec("feature", 3), g.Vec("scaled", 3).Scale(0.1), g.Vec("normalised", 3).BatchNorm(), g.Vec("masked", 3).Mul(g.Vec("mask", 3)))
	seq := g.Seq("sequence", 5, 2).GRU(3).Last()
	net := g.Output("y", h.Dense(4).Add(seq.Dense(4))).MustBuild()

	s := nn.New("step")
	y := net.Apply(s, s.Map("image", 1, 4, 4), s.Vec("feature", 3), s.Vec("scaled", 3), s.Vec("normalised", 3), s.Vec("masked", 3), s.Vec("mask", 3), s.Seq("sequence", 5, 2)).Vec("y")
	z := frozen.Frozen().Apply(s, s.Vec("frozen", 3)).Vec("y")
	step := s.Loss("l", nn.MSE(y.Add(z), s.Vec("target", 4))).MustBuild()
	p := compile(t, step, nn.Train(net), nn.Batch(2))

	raw := map[string]bool{}
	for _, in := range p.Inputs() {
		raw[in.Name] = in.Raw
		if in.Name == "image" {
			assert.Equal(t, []int{1, 4, 4}, in.Dims)
		}
	}
	assert.Equal(t, map[string]bool{
		"image": true, "feature": true, "sequence": true,
		"scaled": false, "normalised": false, "masked": false, "mask": false, "frozen": false, "target": false,
	}, raw)

	for _, in := range compile(t, step).Inputs() {
		assert.False(t, in.Raw, "nothing is trained: %s", in.Name)
	}
}
