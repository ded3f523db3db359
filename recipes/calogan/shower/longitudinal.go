package shower

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// shape is the longitudinal profile of one shower, a Gamma distribution of the
// depth in X0 (Longo and Sestili; hep-ex/0001020, section 2).
type shape struct {
	t     float64 // depth of the maximum, X0
	alpha float64
}

// upTo is the share of the energy that is lost before depth x, in X0.
func (s shape) upTo(x float64) float64 {
	return mathext.GammaIncReg(s.alpha, (s.alpha-1)/s.t*x)
}

// mean is the mean depth, X0.
func (s shape) mean() float64 { return s.t * s.alpha / (s.alpha - 1) }

// spots is the profile of the number of spots: hep-ex/0001020, appendix, sampling calorimeters.
func (s shape) spots(m medium) shape {
	return shape{t: s.t * (0.813 + 0.0019*m.z), alpha: s.alpha * (0.844 + 0.0026*m.z)}
}

// meanShape is exp<ln T>, exp<ln alpha> at an energy in GeV: the values of a
// homogeneous medium and the corrections for sampling, hep-ex/0001020,
// appendix, average longitudinal profiles.
func (m medium) meanShape(energy float64) shape {
	lny := math.Log(energy * 1000 / m.critical)
	return shape{
		t:     lny - 0.812 - 0.55/m.fs - 0.69*(1-m.e),
		alpha: 0.81 + (0.458+2.26/m.z)*lny - 0.476/m.fs,
	}
}

// drawShape varies the mean shape from event to event. ln T and ln alpha are
// normal and correlated: hep-ex/0001020, appendix, fluctuated longitudinal
// profiles.
func (m medium) drawShape(mean shape, energy float64, rng *philox.Stream) shape {
	// A shower that starts at once or never rises has no maximum to speak of.
	const widest, shallowest, flattest = 0.5, 1, 1.1
	lny := math.Log(energy * 1000 / m.critical)
	sigmaT := min(1/(-2.5+1.25*lny), widest)
	sigmaA := min(1/(-0.82+0.79*lny), widest)
	rho := 0.784 - 0.023*lny
	u := math.Sqrt((1+rho)/2) * rng.Normal()
	v := math.Sqrt((1-rho)/2) * rng.Normal()
	return shape{
		t:     max(mean.t*math.Exp(sigmaT*(u+v)), shallowest),
		alpha: max(mean.alpha*math.Exp(sigmaA*(u-v)), flattest),
	}
}
