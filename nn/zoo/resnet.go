package zoo

import "github.com/cascade-hpc/cascade/nn"

// ResNetOptions are the choices that the residual networks for large images leave. The
// zero value is the network as it is usual now.
type ResNetOptions struct {
	// V1 puts the stride of a stage into the first convolution of 1x1, as in the paper,
	// Caffe and Keras. By default, "v1.5", it is in that of 3x3, as in PyTorch,
	// TensorFlow's official models and sara-nl's recipes: as many parameters, 6% more
	// multiply-adds. Blocks of two convolutions have it in their first.
	V1 bool
	// ZeroInit says which blocks begin as the identity.
	ZeroInit ZeroInit
	// CaffeStem gives the first convolution a bias, which the normalisation behind it
	// makes superfluous, and does not pad the pooling, but rounds its size up: the
	// beginning of sara-nl's networks.
	CaffeStem bool
	// Norm is by default momentum 0.9 and epsilon 1e-5; sara-nl's momentum is 0.95.
	Norm Norm
}

// ZeroInit says in which residual blocks the last gamma begins as 0 and not as 1, so that
// the block begins as the identity.
type ZeroInit uint8

const (
	// ZeroInNone is for networks as in the paper.
	ZeroInNone ZeroInit = iota
	// ZeroInAll is for every block (Goyal et al. 2017, arXiv:1706.02677, section 5.1).
	ZeroInAll
	// ZeroInLast is for the last block of each stage (Codreanu et al. 2017,
	// arXiv:1711.04291, in the published files).
	ZeroInLast
)

// gamma is how the last gamma of a block begins.
func (z ZeroInit) gamma(lastOfStage bool) nn.BatchNormOption {
	if z == ZeroInAll || z == ZeroInLast && lastOfStage {
		return nn.Gamma(nn.Constant(0))
	}
	return nn.Gamma(nn.Constant(1))
}

// ResNet18 is the residual network of 18 layers (He et al., CVPR 2016): from images
// N x 3 x 224 x 224, or other sizes, to the logits of the classes.
func ResNet18(x nn.Map, classes int, o ResNetOptions) nn.Vec {
	return o.logits(x, classes, [4]int{2, 2, 2, 2}, o.basic)
}

// ResNet34 is the residual network of 34 layers: see [ResNet18].
func ResNet34(x nn.Map, classes int, o ResNetOptions) nn.Vec {
	return o.logits(x, classes, [4]int{3, 4, 6, 3}, o.basic)
}

// ResNet50 is the residual network of 50 layers: see [ResNet18]. With 1000 classes it has
// 25,557,032 parameters, and an image of 224 x 224 takes 3,948,251,904 multiply-adds
// forward; tables that count taps in the padding too say 4,089,184,256.
func ResNet50(x nn.Map, classes int, o ResNetOptions) nn.Vec {
	return o.logits(x, classes, [4]int{3, 4, 6, 3}, o.bottleneck(1))
}

// ResNet101 is the residual network of 101 layers: see [ResNet18].
func ResNet101(x nn.Map, classes int, o ResNetOptions) nn.Vec {
	return o.logits(x, classes, [4]int{3, 4, 23, 3}, o.bottleneck(1))
}

// ResNet152 is the residual network of 152 layers: see [ResNet18].
func ResNet152(x nn.Map, classes int, o ResNetOptions) nn.Vec {
	return o.logits(x, classes, [4]int{3, 8, 36, 3}, o.bottleneck(1))
}

// WideResNet50 is WRN-50-2-bottleneck (Zagoruyko & Komodakis, BMVC 2016): [ResNet50] with
// twice as many channels inside of the blocks.
func WideResNet50(x nn.Map, classes int, o ResNetOptions) nn.Vec {
	return o.logits(x, classes, [4]int{3, 4, 6, 3}, o.bottleneck(2))
}

// logits are the four stages, each of a number of blocks, between stem and classifier.
func (o ResNetOptions) logits(x nn.Map, classes int, blocks [4]int, block residual) nn.Vec {
	h := o.stem(x)
	for i, n := range blocks {
		h = stage(h, i, n, 64<<i, min(i, 1)+1, o.ZeroInit, block)
	}
	return h.GlobalAvgPool().Dense(classes, nn.Init(nn.Normal(0.01))).As("logits")
}

func (o ResNetOptions) norm() Norm { return o.Norm.or(0.9, 1e-5) }

func (o ResNetOptions) stem(x nn.Map) nn.Map {
	first, pool := nn.K(7, 7).Stride(2, 2).Pad(3, 3), nn.K(3, 3).Stride(2, 2)
	if o.CaffeStem {
		return o.norm().norm(x.Conv(64, first.Init(nn.HeNormal))).ReLU().MaxPool(pool.Ceil())
	}
	return o.norm().relu(x, 64, first).MaxPool(pool.Pad(1, 1))
}

// basic is a block of two convolutions of 3x3.
func (o ResNetOptions) basic(x nn.Map, width, stride int, last nn.BatchNormOption) nn.Map {
	n := o.norm()
	short := project(n, x, width, stride)
	h := n.relu(x, width, nn.K(3, 3).Stride(stride, stride).Pad(1, 1))
	return n.conv(h, width, nn.K(3, 3).Pad(1, 1), last).Add(short).ReLU()
}

// bottleneck is a block of three convolutions, the middle one of 3x3 on wide/4 of the
// result's channels.
func (o ResNetOptions) bottleneck(wide int) residual {
	return func(x nn.Map, width, stride int, last nn.BatchNormOption) nn.Map {
		n := o.norm()
		short := project(n, x, 4*width, stride)
		first, middle := nn.K(1, 1), nn.K(3, 3).Pad(1, 1)
		if o.V1 {
			first = first.Stride(stride, stride)
		} else {
			middle = middle.Stride(stride, stride)
		}
		h := n.relu(x, wide*width, first)
		h = n.relu(h, wide*width, middle)
		return n.conv(h, 4*width, nn.K(1, 1), last).Add(short).ReLU()
	}
}
