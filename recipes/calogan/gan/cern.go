package gan

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/zoo"
)

// cern is the published fixed-angle network and its published training: batches of
// 128, 50 epochs, cells times 100, RMSprop with the defaults of Keras 2.
var cern = Preset{
	Name:          "cern",
	About:         "the published fixed-angle 3D-GAN, 0.9 million parameters",
	Image:         Image{Scale: 100},
	Latent:        zoo.EnergyLatent,
	Condition:     ScaledNoise,
	DefaultBatch:  128,
	DefaultEpochs: 50,

	WeightReal:   2,
	WeightEnergy: 0.1,

	generator: func(g *nn.Graph) nn.Handle { return zoo.EnergyGenerator(g.Vec("z", zoo.EnergyLatent)) },
	discriminator: func(g *nn.Graph) heads {
		real, energy, sum := zoo.EnergyDiscriminator(conv3d.Input(g, "shower", 1, 25, 25, 25))
		return heads{real: real, energy: energy, sum: sum}
	},
	optimizer: func(p optim.Params, _ bool) (*optim.Optimizer, error) {
		return optim.RMSprop{LR: 1e-3, Rho: 0.9, Eps: 1e-7}.New(p)
	},
}
