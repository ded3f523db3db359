package shower

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
)

func TestVisibleIsThePublishedFit(t *testing.T) {
	for energy, percent := range map[float64]float64{
		10: 2.183, 50: 2.095, 100: 2.019, 200: 1.935, 300: 1.885, 400: 1.839, 500: 1.810,
	} {
		assert.InDelta(t, percent, 100*Visible(energy)/energy, 5e-4, "%g GeV", energy)
	}
}

// sums draws n showers of one energy and returns the mean and the standard
// deviation of their visible energy.
func sums(t *testing.T, s *Simulator, energy float64, n int) (mean, sd float64) {
	dst := make([]float32, Cells)
	var sum, sq float64
	for i := range n {
		rng := philox.NewStream(uint64(energy), uint64(i))
		require.NoError(t, s.Event(dst, energy, &rng))
		var e float64
		for _, v := range dst {
			e += float64(v)
		}
		sum += e
		sq += e * e
	}
	mean = sum / float64(n)
	return mean, math.Sqrt((sq/float64(n) - mean*mean) * float64(n) / float64(n-1))
}

func TestVisibleFollowsGeant4(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	for _, energy := range []float64{10, 20, 50, 100, 200, 300, 400, 500} {
		t.Run(fmt.Sprintf("%g GeV", energy), func(t *testing.T) {
			t.Parallel()
			const n = 1500
			mean, sd := sums(t, s, energy, n)
			ratio, sigma := mean/Visible(energy), sd/math.Sqrt(n)/mean
			t.Logf("visible %.4f%%, fit %.4f%%, ratio %.4f +- %.4f, resolution %.2f%%",
				100*mean/energy, 100*Visible(energy)/energy, ratio, sigma, 100*sd/mean)
			assert.InDelta(t, 1, ratio, 0.02)
			assert.Less(t, sigma, 0.002, "the statistical error must be well below the tolerance")
		})
	}
}
