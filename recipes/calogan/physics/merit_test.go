package physics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Two showers of 100 GeV in each sample, small enough to work out on paper.
func TestMeritOnPaper(t *testing.T) {
	data, gan := NewCollector("data"), NewCollector("GAN")
	energies := []float32{100, 100}
	// Data: sums 2 and 4 in layers 10 and 12; GAN: sums 3 and 3, all in layer 10.
	require.NoError(t, data.Add(append(fill(cell{10, 10, 10, 1}, cell{10, 10, 12, 1}), fill(cell{10, 10, 10, 2}, cell{10, 10, 12, 2})...), energies))
	require.NoError(t, gan.Add(append(fill(cell{10, 10, 10, 3}), fill(cell{10, 10, 10, 3})...), energies))
	d, g := data.whole(), gan.whole()
	m := merit(energyBins(d, g), d, g)

	assert.Equal(t, 1, m.Bins)
	assert.InDelta(t, 0, m.MRE, 1e-12, "both see 3% on average")
	// sd of 0.02 and 0.04 is 0.01 sqrt(2); over 0.03, squared, over N = 2; GAN has none.
	assert.InDelta(t, math.Sqrt(2*0.01*0.01/(0.03*0.03)/2), m.MREError, 1e-9)
	// First moments: x and y agree, z is 11 against 10; second: x and y are 0 in
	// both, z is 1 against 0.
	assert.InDelta(t, (1.0/11+1)/6, m.Moments, 1e-9)
	// Profiles: x and y agree; z is 1.5 and 1.5 against 3 and 0.
	assert.InDelta(t, (1.0+1.0)/2/3, m.Profile, 1e-9)
	// Pairs: 2 against 3 and 4 against 3.
	assert.InDelta(t, (0.5+0.25)/2, m.Fraction, 1e-6)
	assert.InDelta(t, m.Profile+m.Moments+m.Fraction, m.Objective, 1e-12)
}

func TestMeritOfTheSameSampleIsZero(t *testing.T) {
	c := NewCollector("data")
	ecal, energies := sampleShowers(t, 200, 5)
	require.NoError(t, c.Add(ecal, energies))
	s := c.whole()
	m := merit(energyBins(s, s), s, s)
	assert.Zero(t, m.Objective)
	assert.Zero(t, m.MRE)
	assert.Positive(t, m.MREError)
}

func TestMeritWithoutBins(t *testing.T) {
	var s sample
	assert.Equal(t, Merit{}, merit(energyBins(&s, &s), &s, &s))
}

func TestHolding(t *testing.T) {
	var p Profile
	for i, e := range []float64{0, 1, 30, 40, 20, 5, 4} {
		p.At[i].Data.Mean = e
	}
	for _, tc := range []struct {
		name  string
		share float64
		want  []int
	}{
		{"the highest is enough", 0.4, []int{3}},
		{"exactly", 0.9, []int{2, 3, 4}},
		{"a little more", 0.91, []int{2, 3, 4, 5}},
		{"all that have any", 1, []int{1, 2, 3, 4, 5, 6}},
	} {
		t.Run(tc.name, func(t *testing.T) { assert.Equal(t, tc.want, holding(&p, tc.share)) })
	}
	assert.Empty(t, holding(&Profile{}, 0.9))
}
