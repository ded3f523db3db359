package gan

import (
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// purpose names a stream of random numbers, so that no two uses share draws.
type purpose uint64

const (
	forFakes purpose = iota + 1 // those that the discriminator is shown
	forFlips
	forGenerator // and the numbers after it, one for each of the step's turns
)

// forShowers is the purpose of finished showers.
const forShowers purpose = 100

// draws is a stream of a run's numbers for one purpose in one step.
func draws(seed uint64, p purpose, step uint64) philox.Stream {
	return philox.NewStream(seed, uint64(p)).At(step << 32)
}

// The range of E' of the showers that are made in training: 10 to 500 GeV.
const energyMin, energyMax = 0.1, 5

// uniform draws primary energies, as E'.
func uniform(energies []float32, r *philox.Stream) {
	for i := range energies {
		energies[i] = energyMin + (energyMax-energyMin)*r.Float32()
	}
}

// ask fills the inputs of a generator for showers of the energies E'. root and grain
// are nil where the generator does not have them. The grain is uniform with variance
// 1.
func (c Condition) ask(z, root, grain, energies []float32, r *philox.Stream) {
	for i := range grain {
		grain[i] = (2*r.Float32() - 1) * sqrt3
	}
	latent := len(z) / len(energies)
	for i, e := range energies {
		factor := float64(e)
		if c == RootEnergy {
			root[i] = float32(math.Sqrt(float64(e)))
			factor = 1
		}
		for k := range latent {
			z[i*latent+k] = float32(factor * r.Normal())
		}
	}
}

// invert fills in what a discriminator is told of the energies E'. dst is nil where it
// is told nothing.
func (c Condition) invert(dst, energies []float32) {
	if c == RootEnergy {
		for i, e := range energies {
			dst[i] = float32(1 / math.Sqrt(float64(e)))
		}
	}
}

// sums fills in the mean sum of all cells of showers of the energies E', in the unit
// of the image's scale.
func (m Image) sums(dst, energies []float32) {
	for i, e := range energies {
		dst[i] = float32(m.Scale * shower.Visible(100*float64(e)))
	}
}

// sqrt3 is half the width of a uniform distribution of variance 1.
const sqrt3 = 1.7320508

// flipShare is the share of the discriminator's labels that are turned around.
const flipShare = 0.05

// labels fills in labels, some of them flipped.
func labels(dst []float32, label float32, r *philox.Stream) {
	for i := range dst {
		dst[i] = label
		if r.Float32() < flipShare {
			dst[i] = 1 - label
		}
	}
}
