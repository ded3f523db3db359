package physics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAddRefusesUnusableShowers(t *testing.T) {
	for _, tc := range []struct {
		name     string
		ecal     []float32
		energies []float32
		want     string
	}{
		{"too few cells", make([]float32, 3), []float32{10}, "3 cells for 1 showers of 15625"},
		{"no energy", fill(), []float32{0}, "shower 1: a primary energy of 0 GeV"},
		{"energy in MeV", fill(), []float32{1e5}, "primary energy of 100000 GeV"},
		{"energy not a number", fill(), []float32{float32(math.NaN())}, "primary energy of NaN"},
		{"cell not a number", fill(cell{1, 2, 3, float32(math.NaN())}), []float32{10}, "shower 1: cell (1, 2, 3) is NaN"},
		{"infinite cell", fill(cell{24, 24, 24, float32(math.Inf(-1))}), []float32{10}, "cell (24, 24, 24) is -Inf"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := NewCollector("sample")
			require.NoError(t, c.Add(fill(), []float32{10}))
			err := c.Add(tc.ecal, tc.energies)
			require.ErrorIs(t, err, ErrInput)
			require.ErrorContains(t, err, "sample")
			require.ErrorContains(t, err, tc.want)
			assert.Equal(t, 1, c.Len(), "nothing is added")
		})
	}
}

func TestEdgesOfTheEnergyRange(t *testing.T) {
	c := NewCollector("sample")
	energies := []float32{math.SmallestNonzeroFloat32, 4.999, 5, 1004.99, math.Nextafter32(highestEnergy, 0)}
	require.NoError(t, c.Add(make([]float32, len(energies)*Cells), energies))
	s := c.whole()
	assert.Equal(t, 2, s[0].n)
	assert.Equal(t, 1, s[1].n)
	assert.Equal(t, 2, s[slices-1].n)
}

func TestBatchesDoNotMatter(t *testing.T) {
	ecal, energies := sampleShowers(t, 40, 3)
	at, by := NewCollector("at once"), NewCollector("one by one")
	require.NoError(t, at.Add(ecal, energies))
	for i := range energies {
		require.NoError(t, by.Add(ecal[i*Cells:(i+1)*Cells], energies[i:i+1]))
	}
	assert.Equal(t, at.halves, by.halves)
}
