package shower

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Worked out by hand from the constants of the Particle Data Group.
func TestMedium(t *testing.T) {
	for _, tc := range []struct {
		name                     string
		passive, active          float64
		z, moliereCM, ec, fs, sf float64
	}{
		{"thin sheets", 1.4, 0.3, 72.5, 1.087, 8.23, 2.48, 0.0362},
		{"thick sensor", 1.9, 0.5, 72.2, 1.122, 8.28, 1.83, 0.0441},
		{"front of the CLIC stack", 2.4, 0.5, 72.5, 1.083, 8.22, 1.45, 0.0352},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMedium(tungsten, silicon, tc.passive, tc.active)
			density := (tc.passive*tungsten.density + tc.active*silicon.density) / (tc.passive + tc.active)
			seen := silicon.mip(tc.active)
			assert.InDelta(t, tc.z, m.z, 0.05)
			assert.InDelta(t, tc.moliereCM, m.moliere/density, 0.002)
			assert.InDelta(t, tc.ec, m.critical, 0.01)
			assert.InDelta(t, tc.fs, m.fs, 0.01)
			assert.InDelta(t, 0.7042, m.e, 1e-4)
			assert.InDelta(t, tc.sf, seen/(seen+tungsten.mip(tc.passive)), 1e-4)
		})
	}
}

func TestMeanShapeAt100GeV(t *testing.T) {
	m := newMedium(tungsten, silicon, frontMM, sensorMM)
	s := m.meanShape(100)
	assert.InDelta(t, 8.0, s.t, 0.05)
	assert.InDelta(t, 5.08, s.alpha, 0.01)
	assert.InDelta(t, 0.510, (s.alpha-1)/s.t, 0.002)
}

// The mean shower, nothing fluctuating and nothing lost sideways, sees these
// shares of the energy; the calibration divided out.
func TestMeanVisibleShare(t *testing.T) {
	m := newMedium(tungsten, silicon, frontMM, sensorMM)
	stack := newStack(m)
	assert.InDelta(t, 22.7, stack[Layers-1].to, 0.1, "depth in X0")
	for energy, want := range map[float64]float64{
		10: 2.310, 50: 2.175, 100: 2.106, 200: 2.031, 300: 1.986, 400: 1.953, 500: 1.927,
	} {
		s := m.meanShape(energy)
		var sum float64
		for _, l := range stack {
			sum += l.fraction / calibration * (s.upTo(l.to) - s.upTo(l.from))
		}
		assert.InDelta(t, want, 100*sum, 0.004, "%g GeV", energy)
	}
}

func TestRadialStaysAProfile(t *testing.T) {
	m := newMedium(tungsten, silicon, frontMM, sensorMM)
	for _, energy := range []float64{lowestEnergy, 10, 500, highestEnergy} {
		for tau := 0.0; tau < 20; tau += 0.05 {
			r := m.radialAt(tau, energy)
			assert.Positive(t, r.core)
			assert.Positive(t, r.tail)
			assert.GreaterOrEqual(t, r.p, 0.0)
			assert.LessOrEqual(t, r.p, 1.0)
		}
	}
}
