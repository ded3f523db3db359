package zoo

import (
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
)

// EnergyLatent is the number of random numbers that [EnergyGenerator] starts from.
const EnergyLatent = 200

// keras are the settings of batch normalisation in Keras.
var keras = []nn.BatchNormOption{nn.Momentum(0.99), nn.Epsilon(1e-3)}

// EnergyGenerator is the generator of CERN's fixed-angle 3D-GAN, as in the published
// code (github.com/svalleco/3Dgan, EcalEnergyGan; the work is described in EPJC 82
// (2022) 386, doi:10.1140/epjc/s10052-022-10258-4): from N x 200 to a shower N x 1 x 25 x 25 x 25 with axes x, y, z,
// z the depth. It is conditioned by multiplying the noise with the primary energy in
// units of 100 GeV. Batch normalisation follows the activations.
//
// It has 872,948 parameters, running statistics included.
func EnergyGenerator(z nn.Vec) conv3d.Vol {
	return conv3d.Reshape(z.Dense(7*7*8*8), 8, 7, 7, 8).
		Conv(64, conv3d.K(6, 6, 8).Same().Init(nn.HeUniform)).LeakyReLU(0.3).BatchNorm(keras...).
		Upsample(2, 2, 2).
		Conv(6, conv3d.K(6, 5, 8).Pad(2, 2, 0).Init(nn.HeUniform)).LeakyReLU(0.3).BatchNorm(keras...).
		Upsample(2, 2, 3).
		Conv(6, conv3d.K(3, 3, 8).Pad(1, 0, 3).Init(nn.HeUniform)).LeakyReLU(0.3).
		Conv(1, conv3d.K(2, 2, 2).NoBias().Init(nn.GlorotNormal)).ReLU()
}

// EnergyDiscriminator is the discriminator of the same network, on showers
// N x 1 x 25 x 25 x 25. Its heads are the logit of a shower being real, the primary
// energy in units of 100 GeV, and the sum of all cells.
//
// It has 73,450 parameters, running statistics included.
func EnergyDiscriminator(x conv3d.Vol) (real, energy, sum nn.Vec) {
	h := x.Conv(32, conv3d.K(5, 5, 5).Same()).LeakyReLU(0.3).Dropout(0.2)
	for _, pad := range []int{2, 2, 1} {
		h = h.Pad(pad, pad, pad).Conv(8, conv3d.K(5, 5, 5)).LeakyReLU(0.3).BatchNorm(keras...).Dropout(0.2)
	}
	features := h.AvgPool(conv3d.K(2, 2, 2)).Flatten()
	return features.Dense(1).As("generation"), features.Dense(1).As("auxiliary"), x.Sum().As("ecal")
}
