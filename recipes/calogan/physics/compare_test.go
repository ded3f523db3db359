package physics

import (
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// sampleShowers draws n parameterised showers.
func sampleShowers(t testing.TB, n int, seed uint64) (ecal, energies []float32) {
	err := shower.Generate(shower.Config{}, n, seed, 2, func(_ int, e, target []float32) error {
		ecal = append(ecal, e...)
		for i := 1; i < len(target); i += 2 {
			energies = append(energies, target[i])
		}
		return nil
	})
	require.NoError(t, err)
	return ecal, energies
}

// once holds the samples of compare, which take longest to make.
var once struct {
	sync.Once
	data           *Collector
	ecal, energies []float32
}

// compare sets 600 showers against 600 others that were changed one by one.
func compare(t *testing.T, change func(ecal []float32, energy float32)) *Report {
	once.Do(func() {
		once.data = NewCollector("data")
		ecal, energies := sampleShowers(t, 600, 1)
		require.NoError(t, once.data.Add(ecal, energies))
		once.ecal, once.energies = sampleShowers(t, 600, 2)
	})
	gan := NewCollector("GAN")
	shower := make([]float32, Cells)
	for i, e := range once.energies {
		copy(shower, once.ecal[i*Cells:])
		change(shower, e)
		require.NoError(t, gan.Add(shower, once.energies[i:i+1]))
	}
	r, err := Compare(once.data, gan)
	require.NoError(t, err)
	return r
}

func (r *Report) mostSigmas() (worst float64) {
	for _, f := range r.Figures {
		worst = max(worst, math.Abs(f.Sigmas))
	}
	return worst
}

func TestIndependentSamplesAgree(t *testing.T) {
	r := compare(t, func([]float32, float32) {})
	assert.True(t, r.Passed(), "%+v", r.Criteria)
	assert.Less(t, r.mostSigmas(), 4.0)
	for axis, p := range r.Profiles {
		assert.Less(t, p.Chi2, 2.5, "axis %s", axisNames[axis])
	}
	require.Len(t, r.Bins, 4)
	assert.Less(t, r.Merit.Objective, 1.1*r.Floor.Objective, "no worse than one half of the data against the other")
	assert.Less(t, r.Merit.MRE, 4*r.Merit.MREError)
}

func TestWrongSamplesDoNot(t *testing.T) {
	first, firstEnergies := sampleShowers(t, 1, 7)
	for _, tc := range []struct {
		name   string
		change func(ecal []float32, energy float32)
		want   func(t *testing.T, r *Report)
	}{
		{"5% too much energy", func(ecal []float32, _ float32) {
			for i := range ecal {
				ecal[i] *= 1.05
			}
		}, func(t *testing.T, r *Report) {
			assert.True(t, r.Passed(), "5% is within the marks")
			assert.Greater(t, r.mostSigmas(), 10.0)
			assert.InDelta(t, 0.05, r.Merit.MRE, 0.02)
			assert.Greater(t, r.Profiles[2].Chi2, 10.0)
		}},
		{"one layer deeper", func(ecal []float32, _ float32) {
			copy(ecal[1:], ecal)
		}, func(t *testing.T, r *Report) {
			assert.False(t, r.Criteria[0].Pass)
			assert.Greater(t, r.mostSigmas(), 10.0)
			assert.Greater(t, r.Merit.Moments, 1.5*r.Floor.Moments)
		}},
		{"the same energy seen whatever the primary", func(ecal []float32, energy float32) {
			for i := range ecal {
				ecal[i] *= 100 / energy
			}
		}, func(t *testing.T, r *Report) {
			assert.False(t, r.Criteria[1].Pass)
			assert.Greater(t, r.Merit.Objective, 3*r.Floor.Objective)
		}},
		{"one shower scaled to the energy", func(ecal []float32, energy float32) {
			for i, v := range first {
				ecal[i] = v * energy / firstEnergies[0]
			}
		}, func(t *testing.T, r *Report) {
			assert.False(t, r.Criteria[2].Pass)
			assert.Less(t, r.Criteria[2].Value, 0.1)
		}},
		{"empty showers", func(ecal []float32, _ float32) { clear(ecal) }, func(t *testing.T, r *Report) {
			assert.Equal(t, 600, r.GAN.Empty)
			for _, c := range r.Criteria {
				assert.False(t, c.Pass, c.Name)
			}
			assert.InDelta(t, 3, r.Merit.Objective, 1e-9, "P, M and F are each wrong by all there is")
		}},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.want(t, compare(t, tc.change)) })
	}
}

// A sample of another spectrum must not look different for it.
func TestSpectraNeedNotAgree(t *testing.T) {
	data, gan := NewCollector("data"), NewCollector("GAN")
	ecal, energies := sampleShowers(t, 600, 1)
	require.NoError(t, data.Add(ecal, energies))
	ecal, energies = sampleShowers(t, 900, 2)
	for i, e := range energies {
		if e < 200 || i%3 == 0 { // three times as many at low energies
			require.NoError(t, gan.Add(ecal[i*Cells:(i+1)*Cells], energies[i:i+1]))
		}
	}
	r, err := Compare(data, gan)
	require.NoError(t, err)
	assert.True(t, r.Passed(), "%+v", r.Criteria)
	assert.Less(t, r.mostSigmas(), 4.0)
}

func TestCompareRefusesWhatCannotBeCompared(t *testing.T) {
	empty, low, high := NewCollector("empty"), NewCollector("low"), NewCollector("high")
	require.NoError(t, low.Add(fill(), []float32{20}))
	require.NoError(t, high.Add(fill(), []float32{300}))
	_, err := Compare(empty, low)
	require.ErrorIs(t, err, ErrInput)
	require.ErrorContains(t, err, "empty: unusable showers: there are none")
	_, err = Compare(low, high)
	require.ErrorIs(t, err, ErrInput)
	require.ErrorContains(t, err, "low has energies from 20 to 20 GeV and high from 300 to 300 GeV")
}

func TestFewShowersWidenTheBins(t *testing.T) {
	data, gan := NewCollector("data"), NewCollector("GAN")
	for i := range 60 {
		e := float32(100)
		if i >= 30 {
			e = 113 // two slices up
		}
		require.NoError(t, data.Add(fill(cell{12, 12, 8, e / 50}), []float32{e}))
		require.NoError(t, gan.Add(fill(cell{12, 12, 8, e / 50}), []float32{e}))
	}
	r, err := Compare(data, gan)
	require.NoError(t, err)
	require.Len(t, r.Bins, 1)
	assert.Equal(t, 15.0, r.Bins[0].HalfWidth)
	assert.Equal(t, 60, r.Bins[0].EventsData)
	notes := strings.Join(r.Notes, "\n")
	assert.Contains(t, notes, "bin at 100 GeV was widened to +-15 GeV: data 60, GAN 60 showers")
	assert.Contains(t, notes, "3 of the bins at [100 200 300 400] GeV")
	assert.False(t, r.Criteria[1].Pass, "two bands cannot show that the response rises")
	assert.Contains(t, r.Criteria[1].Note, "too few")
}
