package gan

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestImage(t *testing.T) {
	cells := []float32{0, 1e-7, 1e-6, 0.001, 2}
	tests := []struct {
		name  string
		image Image
		want  []float32
	}{
		{"scaled", Image{Scale: 100}, []float32{0, 0, 1e-4, 0.1, 200}},
		{"square root", Image{Scale: 100, Root: true}, []float32{0, 0, 0.01, 0.31622776, 14.142136}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			image, back := make([]float32, len(cells)), make([]float32, len(cells))
			test.image.Encode(image, cells)
			assert.InDeltaSlice(t, test.want, image, 1e-5)
			test.image.Decode(back, image)
			assert.InDeltaSlice(t, []float32{0, 0, 1e-6, 0.001, 2}, back, 1e-6)
		})
	}
}

// TestSums: a shower of 100 GeV is seen with 2.019 GeV.
func TestSums(t *testing.T) {
	got := make([]float32, 1)
	Image{Scale: 20, Root: true}.sums(got, []float32{1})
	assert.InDelta(t, 20*2.0188, got[0], 1e-3)
}

// TestLabels: a twentieth of the labels is flipped.
func TestLabels(t *testing.T) {
	r := draws(1, forFlips, 0, alone)
	got := make([]float32, 20_000)
	labels(got, 1, &r)
	flipped := 0
	for _, v := range got {
		if v == 0 {
			flipped++
		}
	}
	assert.InDelta(t, 1000, flipped, 5*31, "five standard deviations")
}

// TestAsk: the published network scales its noise with the energy; the other is told
// the root.
func TestAsk(t *testing.T) {
	const latent = 5000
	energies := []float32{0.25, 4}
	z, root := make([]float32, 2*latent), make([]float32, 2)
	variance := func(x []float32) float64 {
		s := 0.0
		for _, v := range x {
			s += float64(v) * float64(v)
		}
		return s / latent
	}
	r := draws(1, forFakes, 0, alone)
	ScaledNoise.ask(z, nil, nil, energies, &r)
	assert.InDelta(t, 0.0625, variance(z[:latent]), 0.01)
	assert.InDelta(t, 16, variance(z[latent:]), 2)

	grain := make([]float32, latent)
	RootEnergy.ask(z, root, grain, energies, &r)
	assert.InDelta(t, 1, variance(grain), 0.05)
	assert.InDelta(t, 1, variance(z[:latent]), 0.1)
	assert.Equal(t, []float32{0.5, 2}, root)
}
