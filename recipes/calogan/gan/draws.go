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

// share is which samples of the batch of all ranks are those of one: ranks take turns, as
// they do in the order of a shuffled data.Pipeline.
type share struct{ rank, size int }

// alone is the share of a training without others.
var alone = share{0, 1}

// numbers are what is drawn in one step for one purpose. They belong to the samples of
// the batch of all ranks, so that one rank draws for a sample what any other would: what
// a seed gives depends on that batch, and not on the number of ranks.
type numbers struct {
	philox.Stream
	share
	start uint64 // the first block
	used  uint64 // words, by all ranks
}

func draws(seed uint64, p purpose, step uint64, of share) numbers {
	return numbers{Stream: philox.NewStream(seed, uint64(p)), share: of, start: step << 32}
}

// sample is the place of a sample of this rank in the batch of all.
func (n *numbers) sample(i int) uint64 { return uint64(i*n.size + n.rank) }

// seek goes to a word of those that are not used.
func (n *numbers) seek(word uint64) {
	word += n.used
	n.Stream = n.At(n.start + word/4)
	for range word % 4 {
		n.Uint32()
	}
}

// uniforms goes to the uniform numbers of a sample, of which each has so many.
func (n *numbers) uniforms(i, each int) {
	n.seek(n.sample(i) * uint64(each))
}

// normals goes to the normal numbers of a sample, which come in pairs of four words.
func (n *numbers) normals(i, each int) {
	first := n.sample(i) * uint64(each)
	n.seek(first / 2 * 4)
	if first%2 == 1 {
		n.Normal()
	}
}

// took says that so many words are used by each of the samples of this rank.
func (n *numbers) took(samples, words int) { n.used += uint64(samples * n.size * words) }

// The range of E' of the showers that are made in training: 10 to 500 GeV.
const energyMin, energyMax = 0.1, 5

// uniform draws primary energies, as E'.
func uniform(energies []float32, r *numbers) {
	for i := range energies {
		r.uniforms(i, 1)
		energies[i] = energyMin + (energyMax-energyMin)*r.Float32()
	}
	r.took(len(energies), 1)
}

// ask fills the inputs of a generator for showers of the energies E'. root and grain
// are nil where the generator does not have them. The grain is uniform with variance
// 1.
func (c Condition) ask(z, root, grain, energies []float32, r *numbers) {
	cells, latent := len(grain)/len(energies), len(z)/len(energies)
	for i := range energies {
		r.uniforms(i, cells)
		for k := range cells {
			grain[i*cells+k] = (2*r.Float32() - 1) * sqrt3
		}
	}
	r.took(len(energies), cells)
	for i, e := range energies {
		r.normals(i, latent)
		factor := float64(e)
		if c == RootEnergy {
			root[i] = float32(math.Sqrt(float64(e)))
			factor = 1
		}
		for k := range latent {
			z[i*latent+k] = float32(factor * r.Normal())
		}
	}
	r.took(len(energies), 2*(latent+latent%2))
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
func labels(dst []float32, label float32, r *numbers) {
	for i := range dst {
		r.uniforms(i, 1)
		dst[i] = label
		if r.Float32() < flipShare {
			dst[i] = 1 - label
		}
	}
}
