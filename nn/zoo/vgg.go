package zoo

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn"
)

// VGGOptions are the choices that [VGG16] leaves. The zero value is the network of the
// paper.
type VGGOptions struct {
	// BatchNorm normalises behind every convolution, as PyTorch's vgg16_bn does; the
	// convolutions keep their biases.
	BatchNorm bool
	// Norm is by default momentum 0.9 and epsilon 1e-5.
	Norm Norm
}

// VGG16 is network D of Simonyan & Zisserman (ICLR 2015): from images N x 3 x 224 x 224,
// or other sizes, to the logits of the classes. Convolutions begin as He et al. (ICCV
// 2015) propose for such depth, dense layers with deviation 0.01; the paper took weights
// from a shallower network. With
// 1000 classes it has 138,357,544 parameters, 102,764,544 of them in fc6, which depends on
// the size of the image.
func VGG16(x nn.Map, classes int, o VGGOptions) nn.Vec {
	n := o.Norm.or(0.9, 1e-5)
	h := x
	for i, convs := range []int{2, 2, 3, 3, 3} {
		h = nn.Block(fmt.Sprintf("block%d", i+1), h, func(h nn.Map) nn.Map {
			for range convs {
				h = h.Conv(64<<min(i, 3), nn.K(3, 3).Pad(1, 1).Init(nn.HeNormal))
				if o.BatchNorm {
					h = n.norm(h)
				}
				h = h.ReLU()
			}
			return h.MaxPool(nn.K(2, 2))
		})
	}
	dense := nn.Init(nn.Normal(0.01))
	return h.Flatten().
		Dense(4096, dense).As("fc6").ReLU().Dropout(0.5).
		Dense(4096, dense).As("fc7").ReLU().Dropout(0.5).
		Dense(classes, dense).As("logits")
}
