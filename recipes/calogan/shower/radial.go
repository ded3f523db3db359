package shower

import "math"

// radial is the distribution of spots about the axis at one depth, in Molière
// radii: a core and a tail, each of density 2 r R^2 / (r^2 + R^2)^2,
// hep-ex/0001020, section 2.
type radial struct {
	core, tail float64 // median radii
	p          float64 // share of the core
}

// radialAt gives the profile at tau, the depth over the mean depth of the shower,
// for an energy in GeV: hep-ex/0001020, appendix, average radial profiles.
func (m medium) radialAt(tau, energy float64) radial {
	lnE := math.Log(energy)
	z1, z2 := 0.0251+0.00319*lnE, 0.1162-0.000381*m.z
	k1, k2, k3, k4 := 0.659-0.00309*m.z, 0.645, -2.59, 0.3585+0.0412*lnE
	p1, p2, p3 := 2.632-0.00094*m.z, 0.401+0.00187*m.z, 1.313-0.0686*lnE

	core := z1 + z2*tau
	tail := k1 * (math.Exp(k3*(tau-k2)) + math.Exp(k4*(tau-k2)))
	p := p1 * math.Exp((p2-tau)/p3-math.Exp((p2-tau)/p3))

	inverse := 1 - m.e
	core += -0.0203*inverse + 0.0397/m.fs*math.Exp(-tau)
	tail += -0.14*inverse - 0.495/m.fs*math.Exp(-tau)
	p += inverse * (0.348 - 0.642/m.fs*math.Exp(-(tau-1)*(tau-1)))

	const narrowest = 1e-3 // the corrections may not turn a radius negative
	return radial{core: max(core, narrowest), tail: max(tail, narrowest), p: min(max(p, 0), 1)}
}
