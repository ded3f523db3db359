package zoo

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn"
)

// DenseNetOptions are the choices that [DenseNet121] leaves. The zero value is the network
// of the paper.
type DenseNetOptions struct {
	// Dropout is the rate behind every layer. The paper's, for ImageNet, is 0.
	Dropout float64
	// Norm is by default momentum 0.9 and epsilon 1e-5.
	Norm Norm
}

const (
	denseGrowth = 32 // channels that a layer adds: the paper's k
	denseInner  = 4  // times as many between the two convolutions of a layer
)

// DenseNet121 is DenseNet-BC of 121 layers (Huang et al., CVPR 2017): from images
// N x 3 x 224 x 224, or other sizes, to logits. With 1000 outputs it has 7,978,856
// parameters; with 14 and [nn.BCE] it is CheXNet (Rajpurkar et al. 2017,
// arXiv:1711.05225), of 6,968,206.
func DenseNet121(x nn.Map, outputs int, o DenseNetOptions) nn.Vec {
	n := o.Norm.or(0.9, 1e-5)
	h := n.relu(x, 64, nn.K(7, 7).Stride(2, 2).Pad(3, 3)).MaxPool(nn.K(3, 3).Stride(2, 2).Pad(1, 1))
	for i, layers := range []int{6, 12, 24, 16} {
		if i > 0 {
			h = nn.Block(fmt.Sprintf("transition%d", i), h, func(h nn.Map) nn.Map { return transition(n, h) })
		}
		for layer := range layers {
			h = nn.Block(fmt.Sprintf("dense%d_%d", i+1, layer+1), h, func(h nn.Map) nn.Map { return o.layer(n, h) })
		}
	}
	return n.norm(h).ReLU().GlobalAvgPool().Dense(outputs).As("logits")
}

// layer puts its channels behind those of all the layers before it.
func (o DenseNetOptions) layer(n Norm, x nn.Map) nn.Map {
	h := n.relu(n.norm(x).ReLU(), denseInner*denseGrowth, nn.K(1, 1))
	h = h.Conv(denseGrowth, nn.K(3, 3).Pad(1, 1).NoBias().Init(nn.HeNormal))
	if o.Dropout > 0 {
		h = h.Dropout(o.Dropout)
	}
	return x.Concat(h)
}

// transition halves the channels, the paper's compression of 0.5, and the image.
func transition(n Norm, x nn.Map) nn.Map {
	h := n.norm(x).ReLU()
	return h.Conv(x.Channels()/2, nn.K(1, 1).NoBias().Init(nn.HeNormal)).AvgPool(nn.K(2, 2))
}
