package zoo

import "github.com/cascade-hpc/cascade/nn"

// AlexNetOptions are the choices that [AlexNet] leaves. The zero value is the network that
// Caffe publishes.
type AlexNetOptions struct {
	// Ungrouped lets all channels see each other. By default the second, fourth and
	// fifth convolution are in two groups, which were on two graphics cards.
	Ungrouped bool
}

// AlexNet is the network of Krizhevsky et al. (NIPS 2012) as in Caffe (bvlc_alexnet): from
// images N x 3 x 227 x 227, or other sizes, to the logits of the classes. Response is
// normalised before pooling, by Caffe's numbers. With 1000 classes it has 60,965,224
// parameters.
func AlexNet(x nn.Map, classes int, o AlexNetOptions) nn.Vec {
	groups := 2
	if o.Ungrouped {
		groups = 1
	}
	weights, pool := nn.Normal(0.01), nn.K(3, 3).Stride(2, 2)
	bias := nn.Constant(0.1) // where a rectifier would otherwise start dead
	h := x.Conv(96, nn.K(11, 11).Stride(4, 4).Init(weights)).ReLU().LRN(5, 1e-4, 0.75, 1).MaxPool(pool).
		Conv(256, nn.K(5, 5).Pad(2, 2).Groups(groups).Init(weights).InitBias(bias)).ReLU().LRN(5, 1e-4, 0.75, 1).MaxPool(pool).
		Conv(384, nn.K(3, 3).Pad(1, 1).Init(weights)).ReLU().
		Conv(384, nn.K(3, 3).Pad(1, 1).Groups(groups).Init(weights).InitBias(bias)).ReLU().
		Conv(256, nn.K(3, 3).Pad(1, 1).Groups(groups).Init(weights).InitBias(bias)).ReLU().MaxPool(pool)
	hidden := []nn.DenseOption{nn.Init(nn.Normal(0.005)), nn.InitBias(bias)}
	return h.Flatten().
		Dense(4096, hidden...).As("fc6").ReLU().Dropout(0.5).
		Dense(4096, hidden...).As("fc7").ReLU().Dropout(0.5).
		Dense(classes, nn.Init(weights)).As("logits")
}

// AlexNetOWT is AlexNet on one column, without response normalisation (Krizhevsky 2014,
// arXiv:1404.5997, "One weird trick"), as PyTorch has it: from images N x 3 x 224 x 224, or
// other sizes, to the logits of the classes. Weights begin as those of [VGG16].
// With 1000 classes it has 61,100,840 parameters.
func AlexNetOWT(x nn.Map, classes int) nn.Vec {
	pool := nn.K(3, 3).Stride(2, 2)
	h := x.Conv(64, nn.K(11, 11).Stride(4, 4).Pad(2, 2).Init(nn.HeNormal)).ReLU().MaxPool(pool).
		Conv(192, nn.K(5, 5).Pad(2, 2).Init(nn.HeNormal)).ReLU().MaxPool(pool).
		Conv(384, nn.K(3, 3).Pad(1, 1).Init(nn.HeNormal)).ReLU().
		Conv(256, nn.K(3, 3).Pad(1, 1).Init(nn.HeNormal)).ReLU().
		Conv(256, nn.K(3, 3).Pad(1, 1).Init(nn.HeNormal)).ReLU().MaxPool(pool)
	dense := nn.Init(nn.Normal(0.01))
	return h.Flatten().Dropout(0.5).
		Dense(4096, dense).As("fc6").ReLU().Dropout(0.5).
		Dense(4096, dense).As("fc7").ReLU().
		Dense(classes, dense).As("logits")
}
