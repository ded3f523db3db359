package gan

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// Preset is a 3D-GAN and how it is trained. Energies of particles are in units of
// 100 GeV throughout: E'.
type Preset struct {
	Name  string
	About string // one line
	Image Image

	// Latent is the number of normal random numbers a shower is made from.
	Latent int
	// Condition is how E' enters: the noise and the condition that the generator is
	// given.
	Condition Condition

	DefaultBatch  int // showers in a batch
	DefaultEpochs int
	// Decay lowers the generator's learning rate in a straight line to a twentieth.
	Decay bool
	// Average is the share that the running average of the generator's weights keeps
	// at each update; 0 is no average.
	Average float64
	// Restraint is the cross entropy below which the discriminator is good enough: on
	// batches where it is lower it does not learn. 0 is none.
	Restraint float32
	// Grain says that the generator is given noise for every cell.
	Grain bool
	// WeightReal is the weight of the cross entropy of being real, published is 2, and
	// WeightEnergy that of the error of the primary energy, published is 0.1.
	WeightReal, WeightEnergy float64
	// ProfileHead says that the discriminator has a second logit of being real.
	ProfileHead bool
	// WeightPlanes is the weight of the mean squared error of the energy in each plane,
	// relative to what the data have there in the mean. 0 is none.
	WeightPlanes float64

	generator     func(g *nn.Graph) nn.Handle
	start         func(generator *nn.Net, data *Profiles) // changes first weights; may be nil
	discriminator func(g *nn.Graph) heads
	optimizer     func(p optim.Params, generator bool) (*optim.Optimizer, error)
}

// Condition names how the primary energy enters a generator.
type Condition uint8

const (
	// ScaledNoise multiplies the noise by E': the published network.
	ScaledNoise Condition = iota
	// RootEnergy leaves the noise alone. The generator is given √E' beside it, which
	// is what an image of square roots grows with, and the discriminator 1/√E'.
	RootEnergy
)

// heads are the outputs of a discriminator: the logit of being real, E', and the sum
// of the energies of all cells in the unit of Image.Scale. profile is a second logit,
// of a preset with a ProfileHead.
type heads struct{ real, energy, sum, profile nn.Vec }

// The weight of the mean absolute percentage error of the sum of all cells, as
// published, and that of the second head.
const (
	weightSum     = 0.1
	weightProfile = 2
)

// Presets in the order in which help lists them.
func Presets() []Preset { return []Preset{small, cern} }

// ByName finds a preset.
func ByName(name string) (Preset, error) {
	var names []string
	for _, p := range Presets() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, fmt.Errorf("gan: there is no preset %q: %s", name, strings.Join(names, " and ")+" are there")
}

// Generator builds the generator: inputs "z" and, for RootEnergy, "root", and with
// Grain, "grain"; output
// "shower", an image.
func (p Preset) Generator() (*nn.Net, error) { return p.build("generator") }

// build builds the generator under a name.
func (p Preset) build(name string) (*nn.Net, error) {
	g := nn.New(name)
	return g.Output("shower", p.generator(g)).Build()
}

// Discriminator builds the discriminator: inputs "shower", an image, and for RootEnergy
// "inverse"; outputs "real", "energy", "sum" and, with a ProfileHead, "profile".
func (p Preset) Discriminator() (*nn.Net, error) {
	g := nn.New("discriminator")
	h := p.discriminator(g)
	if p.ProfileHead {
		g.Output("profile", h.profile)
	}
	return g.Output("real", h.real).Output("energy", h.energy).Output("sum", h.sum).Build()
}
