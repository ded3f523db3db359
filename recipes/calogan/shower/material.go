package shower

import "math"

// material is a pure element. Values of the Particle Data Group.
type material struct {
	z, a    float64 // atomic number, atomic mass in g/mol
	density float64 // g/cm3
	x0      float64 // radiation length, g/cm2
	dEdx    float64 // energy loss of a minimum ionising particle, MeV cm2/g
}

var (
	tungsten = material{z: 74, a: 183.84, density: 19.3, x0: 6.76, dEdx: 1.145}
	silicon  = material{z: 14, a: 28.085, density: 2.329, x0: 21.82, dEdx: 1.664}
)

// critical is the critical energy in MeV, hep-ex/0001020, section 2.
func (m material) critical() float64 { return 2.66 * math.Pow(m.x0*m.z/m.a, 1.1) }

// radiationLengths is the depth, in X0, of a thickness in mm.
func (m material) radiationLengths(mm float64) float64 { return mm / 10 * m.density / m.x0 }

// mip is the energy in MeV that a minimum ionising particle leaves in mm.
func (m material) mip(mm float64) float64 { return mm / 10 * m.density * m.dEdx }

// medium is an absorber and a sensor, repeated, seen as one effective material:
// hep-ex/0001020, on sampling calorimeters.
type medium struct {
	z        float64 // effective atomic number
	critical float64 // effective critical energy, MeV
	moliere  float64 // effective Molière radius, g/cm2
	fs       float64 // sampling frequency F_S: X0 over the thickness of a pair
	e        float64 // ê, response to electrons over that to minimum ionising particles
}

// newMedium repeats passive and active sheets of the given thickness in mm.
func newMedium(passive, active material, passiveMM, activeMM float64) medium {
	const es = 21.2 // MeV, the scattering constant of the Molière radius
	mp, ma := passive.density*passiveMM, active.density*activeMM
	wp, wa := mp/(mp+ma), ma/(mp+ma)
	x0 := 1 / (wp/passive.x0 + wa/active.x0) // g/cm2
	ec := wp*passive.critical()/passive.x0 + wa*active.critical()/active.x0
	x0cm := x0 * (passiveMM + activeMM) / (mp + ma)
	return medium{
		z:        wp*passive.z + wa*active.z,
		critical: x0 * ec,
		moliere:  es / ec,
		fs:       x0cm / ((passiveMM + activeMM) / 10),
		e:        1 / (1 + 0.007*(passive.z-active.z)),
	}
}
