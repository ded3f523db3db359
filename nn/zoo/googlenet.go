package zoo

import "github.com/cascade-hpc/cascade/nn"

// GoogLeNetOptions are the choices that [GoogLeNet] leaves. The zero value is the network
// that Caffe publishes.
type GoogLeNetOptions struct {
	// BatchNorm makes it the network that PyTorch publishes: batch normalisation in
	// place of biases and of response normalisation, kernels of 3x3 in place of 5x5, the
	// last pooling over 2x2, and less dropout before the logits.
	BatchNorm bool
	// Norm is by default momentum 0.9 and epsilon 1e-3.
	Norm Norm
}

// GoogLeNet is Inception V1 (Szegedy et al., CVPR 2015) as in Caffe (bvlc_googlenet): from
// images N x 3 x 224 x 224, or other sizes, to the logits of the classes. With 1000 classes
// it has 6,998,552 parameters.
func GoogLeNet(x nn.Map, classes int, o GoogLeNetOptions) nn.Vec {
	_, _, last := o.body(x)
	return o.head(last, classes)
}

// GoogLeNetAux is [GoogLeNet] with the two classifiers that help in training, where the
// paper gives their losses a weight of 0.3. Their first dense layers depend on the size of
// the images, which are of at least 80 x 80; they follow a mean over 5 x 5 as in the paper,
// where PyTorch's adapt to the image. Of 224 x 224 and with 1000 classes the network has
// 13,378,280 parameters.
func GoogLeNetAux(x nn.Map, classes int, o GoogLeNetOptions) (logits, aux1, aux2 nn.Vec) {
	after4a, after4d, last := o.body(x)
	return o.head(last, classes), o.aux("aux1", after4a, classes), o.aux("aux2", after4d, classes)
}

// body is all but the classifiers: the columns of the paper's table 1.
func (o GoogLeNetOptions) body(x nn.Map) (after4a, after4d, last nn.Map) {
	pool := nn.K(3, 3).Stride(2, 2).Ceil()
	h := o.respond(o.conv(x, 64, nn.K(7, 7).Stride(2, 2).Pad(3, 3)).MaxPool(pool))
	h = o.conv(h, 64, nn.K(1, 1))
	h = o.respond(o.conv(h, 192, nn.K(3, 3).Pad(1, 1))).MaxPool(pool)
	h = o.module("inception3a", h, 64, 96, 128, 16, 32, 32)
	h = o.module("inception3b", h, 128, 128, 192, 32, 96, 64).MaxPool(pool)
	h = o.module("inception4a", h, 192, 96, 208, 16, 48, 64)
	after4a = h
	h = o.module("inception4b", h, 160, 112, 224, 24, 64, 64)
	h = o.module("inception4c", h, 128, 128, 256, 24, 64, 64)
	h = o.module("inception4d", h, 112, 144, 288, 32, 64, 64)
	after4d = h
	if o.BatchNorm {
		pool = nn.K(2, 2).Ceil()
	}
	h = o.module("inception4e", h, 256, 160, 320, 32, 128, 128).MaxPool(pool)
	h = o.module("inception5a", h, 256, 160, 320, 32, 128, 128)
	return after4a, after4d, o.module("inception5b", h, 384, 192, 384, 48, 128, 128)
}

// module is four branches side by side: conv_1; conv_2 and conv_3, of 3x3; conv_4 and
// conv_5, of 5x5; conv_6 behind pooling.
func (o GoogLeNetOptions) module(name string, x nn.Map, one, reduce3, three, reduce5, five, pooled int) nn.Map {
	single, k3, k5 := nn.K(1, 1), nn.K(3, 3).Pad(1, 1), nn.K(5, 5).Pad(2, 2)
	if o.BatchNorm {
		k5 = k3
	}
	return nn.Block(name, x, func(x nn.Map) nn.Map {
		return o.conv(x, one, single).Concat(
			o.conv(o.conv(x, reduce3, single), three, k3),
			o.conv(o.conv(x, reduce5, single), five, k5),
			o.conv(x.MaxPool(k3.Stride(1, 1)), pooled, single),
		)
	})
}

// conv is a convolution with a rectifier.
func (o GoogLeNetOptions) conv(x nn.Map, filters int, window nn.Spec) nn.Map {
	if o.BatchNorm {
		return o.Norm.or(0.9, 1e-3).relu(x, filters, window)
	}
	return x.Conv(filters, window.InitBias(nn.Constant(0.2))).ReLU()
}

// respond normalises response, with Caffe's numbers.
func (o GoogLeNetOptions) respond(x nn.Map) nn.Map {
	if o.BatchNorm {
		return x
	}
	return x.LRN(5, 1e-4, 0.75, 1)
}

func (o GoogLeNetOptions) head(x nn.Map, classes int) nn.Vec {
	rate := 0.4
	if o.BatchNorm {
		rate = 0.2
	}
	return x.GlobalAvgPool().Dropout(rate).Dense(classes).As("logits")
}

// aux is a classifier on the way.
func (o GoogLeNetOptions) aux(name string, x nn.Map, classes int) nn.Vec {
	hidden := nn.InitBias(nn.Constant(0.2))
	if o.BatchNorm {
		hidden = nn.InitBias(nn.Constant(0))
	}
	return nn.Block(name, x, func(x nn.Map) nn.Vec {
		h := o.conv(x.AvgPool(nn.K(5, 5).Stride(3, 3)), 128, nn.K(1, 1)).Flatten()
		return h.Dense(1024, hidden).As("fc").ReLU().Dropout(0.7).Dense(classes).As("logits")
	})
}
