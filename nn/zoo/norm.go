package zoo

import (
	"cmp"

	"github.com/cascade-hpc/cascade/nn"
)

// Norm is how a network normalises batches. A zero stands for the network's own number.
type Norm struct {
	// Momentum is the share that running statistics keep of their old value in a step,
	// as in [nn.Momentum]; PyTorch's momentum is 1 − Momentum.
	Momentum float64
	// Epsilon is what keeps the division from zero, as in [nn.Epsilon].
	Epsilon float64
}

// or fills in the network's own numbers.
func (n Norm) or(momentum, epsilon float64) Norm {
	return Norm{cmp.Or(n.Momentum, momentum), cmp.Or(n.Epsilon, epsilon)}
}

// norm is batch normalisation.
func (n Norm) norm(x nn.Map, more ...nn.BatchNormOption) nn.Map {
	return x.BatchNorm(append([]nn.BatchNormOption{nn.Momentum(n.Momentum), nn.Epsilon(n.Epsilon)}, more...)...)
}

// conv is a convolution without bias, its weights drawn as He et al. (ICCV 2015) do, and
// batch normalisation behind it.
func (n Norm) conv(x nn.Map, filters int, window nn.Spec, more ...nn.BatchNormOption) nn.Map {
	return n.norm(x.Conv(filters, window.NoBias().Init(nn.HeNormal)), more...)
}

// relu is conv with a rectifier behind it.
func (n Norm) relu(x nn.Map, filters int, window nn.Spec) nn.Map {
	return n.conv(x, filters, window).ReLU()
}
