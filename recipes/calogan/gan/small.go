package gan

import (
	"math"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/nn/optim"
)

const (
	smallLatent  = 64
	smallScale   = 20 // of 1 GeV in an image
	smallFilters = 8  // of the generator
	smallFirst   = 8  // filters of the discriminator's first layer; each layer doubles them
)

// small is a network that learns the same showers in minutes. It differs from the
// published one where that pays most:
//
//   - strided convolutions and deconvolutions instead of full resolution;
//   - images of square roots, whose sparse tails the discriminator can see;
//   - a mean and a gain for every cell, proportional to √E': a calorimeter is not the
//     same everywhere, as a convolution is (CaloGAN's locally connected layers,
//     Paganini et al. 2018, are there for the same reason). They begin as the product
//     of the data's mean profiles;
//   - noise in every cell, with a strength that is learned: what a sampling calorimeter
//     adds to each cell by itself need not come out of a few latent numbers;
//   - a discriminator that is told the primary energy and sees showers divided by it;
//   - a second head that judges by the profiles along the three axes alone, and so
//     cannot be content with the texture of showers;
//   - a loss of the generator on the mean energy in each plane, as the published one
//     has on the sum of all;
//   - less weight on the error of the energy, by which a generator learns to deceive
//     the discriminator's regression before its eye for showers;
//   - a discriminator that waits while it is far ahead;
//   - Adam, with a generator whose rate falls and whose weights are averaged.
var small = Preset{
	Name:          "small",
	About:         "a narrow network that learns in minutes, 0.3 million parameters",
	Image:         Image{Scale: smallScale, Root: true},
	Latent:        smallLatent,
	Condition:     RootEnergy,
	DefaultBatch:  32,
	DefaultEpochs: 7,
	Decay:         true,
	Average:       0.99,
	Restraint:     0.5,
	WeightReal:    1,
	WeightEnergy:  0.02,
	ProfileHead:   true,
	Grain:         true,
	WeightPlanes:  20,

	generator:     smallGenerator,
	start:         startSmall,
	discriminator: smallDiscriminator,
	optimizer: func(p optim.Params, generator bool) (*optim.Optimizer, error) {
		adam := optim.Adam{LR: 2e-4, Beta1: 0.5, Beta2: 0.99}
		if generator {
			adam.LR = 5e-4
		}
		return adam.New(p)
	},
}

func smallGenerator(g *nn.Graph) nn.Handle {
	z, root := g.Vec("z", smallLatent), g.Vec("root", 1)
	grain := conv3d.Input(g, "grain", 1, 25, 25, 25)
	const w = smallFilters
	double := conv3d.DeconvK(4, 4, 4).Stride(2, 2, 2).Pad(1, 1, 1).Init(nn.HeUniform)
	shape := conv3d.Reshape(z.Concat(root).Dense(w*7*7*7, nn.Init(nn.HeUniform)), w, 7, 7, 7).LeakyReLU(0.3).
		Deconv(w, double).LeakyReLU(0.3).
		Deconv(w, double).LeakyReLU(0.3).
		Conv(1, conv3d.K(4, 4, 4))
	perCell := func(name string) conv3d.Vol {
		cells := root.Dense(25*25*25, nn.NoBias(), nn.Init(nn.Constant(0.1))).As(name)
		return conv3d.Reshape(cells, 1, 25, 25, 25)
	}
	return shape.Mul(perCell("gain")).Add(grain.Mul(perCell("sigma")), perCell("mean")).ReLU()
}

// startSmall gives every cell a mean, gain and noise to begin with: in proportion to
// the root of what the cell would hold if the three profiles of the data were
// independent of each other.
func startSmall(generator *nn.Net, data *Profiles) {
	share := map[string]float64{"mean/weights": 1, "gain/weights": 0.3, "sigma/weights": 0.5}
	for _, p := range generator.Params() {
		factor, ok := share[p.Path]
		if !ok {
			continue
		}
		for cell := range p.Data {
			p.Data[cell] = float32(factor * math.Sqrt(smallScale*data.cell(cell)))
		}
	}
}

// smallDiscriminator judges showers divided by their primary energy, so that all look
// alike, and is told that energy. The energy itself it finds from the shower as it is.
func smallDiscriminator(g *nn.Graph) heads {
	x, inverse := conv3d.Input(g, "shower", 1, 25, 25, 25), g.Vec("inverse", 1)
	u := x.Mul(conv3d.Expand(inverse, 1, 25, 25, 25))
	half := conv3d.K(4, 4, 4).Stride(2, 2, 2).Same()
	h := u.Conv(4, conv3d.K(3, 3, 3).Same()).LeakyReLU(0.3).
		Conv(smallFirst, half).LeakyReLU(0.3).Dropout(0.3).
		Conv(2*smallFirst, half).LeakyReLU(0.3).BatchNorm().Dropout(0.3).
		Conv(4*smallFirst, half).LeakyReLU(0.3).BatchNorm().Dropout(0.3)

	profile := profiles(u.Mul(u), 10).Concat(inverse).Dense(64).LeakyReLU(0.3).Dense(32).LeakyReLU(0.3)
	cells := x.Mul(x) // proportional to energy again
	energy := profiles(cells, 1).Dense(32).LeakyReLU(0.3)
	return heads{
		real:    h.Flatten().Concat(inverse).Dense(1).As("generation"),
		profile: profile.Dense(1).As("profile"),
		energy:  energy.Dense(1).As("auxiliary"),
		sum:     cells.Sum().As("ecal"),
	}
}
