package shower

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
)

func TestConfigIsChecked(t *testing.T) {
	for _, tc := range []struct {
		name string
		cfg  Config
		want string
	}{
		{"falling spectrum", Config{EnergyMin: 20, EnergyMax: 10}, "from 20 to 10 GeV"},
		{"below the parameterisation", Config{EnergyMin: 0.5, EnergyMax: 10}, "between 1 and 10000"},
		{"above the parameterisation", Config{EnergyMin: 10, EnergyMax: 1e5}, "between 1 and 10000"},
		{"no number", Config{EnergyMin: math.NaN(), EnergyMax: 10}, "from NaN"},
		{"only an upper bound", Config{EnergyMax: 10}, "from 0 to 10 GeV"},
		{"sampling term", Config{Sampling: 3}, "sampling term of 3"},
		{"cut", Config{Cut: math.NaN()}, "cut of NaN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := New(tc.cfg)
			require.ErrorContains(t, err, tc.want)
			assert.ErrorContains(t, Generate(tc.cfg, 1, 0, 1, nil), tc.want)
		})
	}
}

func TestEventRefusesWrongInput(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	rng := philox.NewStream(0, 0)
	require.ErrorContains(t, s.Event(make([]float32, 7), 10, &rng), "7 cells; a shower has 15625")
	for _, e := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		require.ErrorContains(t, s.Event(make([]float32, Cells), e, &rng), "must lie between")
	}
}

func TestCut(t *testing.T) {
	for _, tc := range []struct {
		name       string
		cut, least float64
	}{
		{"default", 0, 15e-6},
		{"a high one", 3e-4, 3e-4},
		{"none", -1, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := New(Config{Cut: tc.cut})
			require.NoError(t, err)
			dst := make([]float32, Cells)
			smallest := math.Inf(1)
			for i := range 50 {
				rng := philox.NewStream(4, uint64(i))
				require.NoError(t, s.Event(dst, 20, &rng))
				for _, v := range dst {
					if v != 0 {
						smallest = min(smallest, float64(v))
					}
				}
			}
			assert.GreaterOrEqual(t, float32(smallest), float32(tc.least))
			if tc.cut < 0 {
				assert.Less(t, smallest, 15e-6)
			}
		})
	}
}

// Sampling alone gives c/sqrt(E); the shape of the shower adds to it, as the two
// thicknesses of absorber see it differently.
func TestResolution(t *testing.T) {
	for _, tc := range []struct {
		name         string
		sampling     float64
		least, limit float64
	}{
		{"default", 0.17, 0.17 / math.Sqrt(10), 0.075},
		{"twice as coarse", 0.34, 0.34 / math.Sqrt(10), 0.125},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := New(Config{Sampling: tc.sampling})
			require.NoError(t, err)
			mean, sd := sums(t, s, 10, 1500)
			assert.Greater(t, sd/mean, tc.least)
			assert.Less(t, sd/mean, tc.limit)
		})
	}
}

func TestShowerMaximumDeepensWithEnergy(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	last := 0.0
	for _, energy := range []float64{10, 50, 200, 500} {
		m := depth(t, s, energy, 200)
		assert.Greater(t, m, last+0.5, "%g GeV", energy)
		last = m
	}
	assert.InDelta(t, 12, last, 2.5, "mean layer at 500 GeV")
}

// depth is the mean layer, weighted with the energy, of n showers.
func depth(t *testing.T, s *Simulator, energy float64, n int) float64 {
	dst := make([]float32, Cells)
	var sum, weighted float64
	for i := range n {
		rng := philox.NewStream(5, uint64(i))
		require.NoError(t, s.Event(dst, energy, &rng))
		for c, v := range dst {
			sum += float64(v)
			weighted += float64(v) * float64(c%Layers)
		}
	}
	return weighted / sum
}

func TestEventDoesNotAllocate(t *testing.T) {
	s, err := New(Config{})
	require.NoError(t, err)
	dst := make([]float32, Cells)
	i := uint64(0)
	assert.Zero(t, testing.AllocsPerRun(20, func() {
		rng := philox.NewStream(6, i)
		i++
		_ = s.Event(dst, 100, &rng)
	}))
}

func collect(t *testing.T, n, threads int) (ecal, target []float32) {
	err := Generate(Config{}, n, 7, threads, func(first int, e, tg []float32) error {
		require.Equal(t, len(target)/2, first, "blocks come in order")
		ecal, target = append(ecal, e...), append(target, tg...)
		return nil
	})
	require.NoError(t, err)
	return ecal, target
}

func TestGenerateDoesNotDependOnThreads(t *testing.T) {
	const n = 3*Block + 5
	ecal, target := collect(t, n, 1)
	require.Len(t, ecal, n*Cells)
	require.Len(t, target, n*2)
	for _, threads := range []int{2, 3, 16} {
		e, tg := collect(t, n, threads)
		assert.True(t, slices.Equal(ecal, e), "%d threads", threads)
		assert.Equal(t, target, tg)
	}
	few, _ := collect(t, 3, 2)
	assert.True(t, slices.Equal(ecal[:len(few)], few), "the number of events changes none of them")
}

func TestGenerateSpectrum(t *testing.T) {
	const n = 1000
	var sum float64
	err := Generate(Config{EnergyMin: 20, EnergyMax: 40}, n, 1, 2, func(_ int, _, target []float32) error {
		for i := 0; i < len(target); i += 2 {
			require.EqualValues(t, Electron, target[i])
			require.GreaterOrEqual(t, target[i+1], float32(20))
			require.LessOrEqual(t, target[i+1], float32(40))
			sum += float64(target[i+1]) / n
		}
		return nil
	})
	require.NoError(t, err)
	assert.InDelta(t, 30, sum, 0.8)
}

func TestGenerateStops(t *testing.T) {
	full := errors.New("disk full")
	blocks := 0
	err := Generate(Config{EnergyMin: 10, EnergyMax: 11}, 100*Block, 1, 4, func(int, []float32, []float32) error {
		blocks++
		if blocks == 3 {
			return full
		}
		return nil
	})
	require.ErrorIs(t, err, full)
	assert.Equal(t, 3, blocks)
	require.NoError(t, Generate(Config{}, 0, 1, 4, nil), "no events are no work")
	require.ErrorContains(t, Generate(Config{}, -1, 1, 4, nil), "-1 events")
	require.ErrorContains(t, Generate(Config{}, 1, 1, 0, nil), "0 threads")
}
