package gan

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/nn/optim"
)

const (
	smallLatent  = 64
	smallFilters = 8 // of the generator
	smallFirst   = 8 // filters of the discriminator's first layer; each layer doubles them
)

// small is a network that learns the same showers in minutes. It differs from the
// published one where that pays most:
//
//   - strided convolutions and deconvolutions instead of full resolution;
//   - images of square roots, whose sparse tails the discriminator can see;
//   - a gain for every cell, proportional to √E': a calorimeter is not the same
//     everywhere, as a convolution is (CaloGAN's locally connected layers, Paganini
//     et al. 2018, are there for the same reason);
//   - a discriminator that sees the profiles along the three axes beside the image;
//   - Adam, with rates that fall in the second half.
var small = Preset{
	Name:          "small",
	About:         "a narrow network that learns in minutes, 0.3 million parameters",
	Image:         Image{Scale: 20, Root: true},
	Latent:        smallLatent,
	Condition:     RootEnergy,
	DefaultBatch:  32,
	DefaultEpochs: 7,
	Decay:         true,

	generator:     smallGenerator,
	discriminator: smallDiscriminator,
	optimizer: func(p optim.Params, generator bool) (*optim.Optimizer, error) {
		adam := optim.Adam{LR: 3e-4, Beta1: 0.5, Beta2: 0.99}
		if generator {
			adam.LR = 2e-3
		}
		return adam.New(p)
	},
}

func smallGenerator(g *nn.Graph) nn.Handle {
	z, root := g.Vec("z", smallLatent), g.Vec("root", 1)
	const w = smallFilters
	double := conv3d.DeconvK(4, 4, 4).Stride(2, 2, 2).Pad(1, 1, 1).Init(nn.HeUniform)
	shape := conv3d.Reshape(z.Concat(root).Dense(w*7*7*7, nn.Init(nn.HeUniform)), w, 7, 7, 7).LeakyReLU(0.3).
		Deconv(w, double).LeakyReLU(0.3).
		Deconv(w, double).LeakyReLU(0.3).
		Conv(1, conv3d.K(4, 4, 4))
	gain := root.Dense(25*25*25, nn.NoBias(), nn.Init(nn.Constant(0.1))).As("gain")
	return shape.Mul(conv3d.Reshape(gain, 1, 25, 25, 25)).ReLU()
}

func smallDiscriminator(g *nn.Graph) heads {
	x := conv3d.Input(g, "shower", 1, 25, 25, 25)
	half := conv3d.K(4, 4, 4).Stride(2, 2, 2).Same()
	h := x.Conv(smallFirst, half).LeakyReLU(0.3).Dropout(0.2).
		Conv(2*smallFirst, half).LeakyReLU(0.3).BatchNorm().Dropout(0.2).
		Conv(4*smallFirst, half).LeakyReLU(0.3).BatchNorm().Dropout(0.2)

	cells := x.Mul(x) // proportional to energy again
	mean := func(window conv3d.Spec) nn.Vec { return cells.AvgPool(window).Flatten().Scale(31.25) }
	profiles := mean(conv3d.K(25, 25, 1)).Concat(mean(conv3d.K(1, 25, 25)), mean(conv3d.K(25, 1, 25)))
	features := h.Flatten().Concat(profiles.Dense(64).LeakyReLU(0.3), profiles)
	return heads{features.Dense(1).As("generation"), features.Dense(1).As("auxiliary"), cells.Sum().As("ecal")}
}
