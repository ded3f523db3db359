package zoo

import "github.com/cascade-hpc/cascade/nn"

// InceptionOptions are the choices that [InceptionV3] leaves. The zero value is the network
// of the paper.
type InceptionOptions struct {
	// Norm is by default momentum 0.9, PyTorch's, and epsilon 1e-3. The authors'
	// momentum is 0.9997, for trainings of a million steps.
	Norm Norm
}

// InceptionV3 is the network of Szegedy et al. (CVPR 2016): from images N x 3 x 299 x 299,
// or others of at least 75 x 75, to the logits of the classes. With 1000 classes it has
// 23,834,568 parameters. Averages at the edge are of the pixels that there are, as in
// TensorFlow; PyTorch counts the padding as zeros.
func InceptionV3(x nn.Map, classes int, o InceptionOptions) nn.Vec {
	n := o.Norm.or(0.9, 1e-3)
	return inceptionHead(n, inceptionBody(n, x), classes)
}

// InceptionV3Aux is [InceptionV3] with the classifier that helps in training, where the
// authors give its loss a weight of 0.4. The images are of at least 299 x 299. With 1000
// classes it has 27,161,264 parameters.
func InceptionV3Aux(x nn.Map, classes int, o InceptionOptions) (logits, aux nn.Vec) {
	n := o.Norm.or(0.9, 1e-3)
	h := inceptionBody(n, x)
	aux = nn.Block("aux", h, func(h nn.Map) nn.Vec {
		h = n.relu(h.AvgPool(nn.K(5, 5).Stride(3, 3)), 128, nn.K(1, 1))
		h = n.relu(h, 768, nn.K(5, 5))
		return h.GlobalAvgPool().Dense(classes, nn.Init(nn.Normal(0.001))).As("logits")
	})
	return inceptionHead(n, h, classes), aux
}

// Windows that the network uses again and again: what halves the image, what keeps it.
var (
	inceptionHalf = nn.K(3, 3).Stride(2, 2)
	inceptionOne  = nn.K(1, 1)
	inceptionMean = nn.K(3, 3).Stride(1, 1).Pad(1, 1)
)

// inceptionBody is all up to the module that the auxiliary classifier looks at.
func inceptionBody(n Norm, x nn.Map) nn.Map {
	h := n.relu(x, 32, inceptionHalf)
	h = n.relu(h, 32, nn.K(3, 3))
	h = n.relu(h, 64, nn.K(3, 3).Pad(1, 1)).MaxPool(inceptionHalf)
	h = n.relu(h, 80, inceptionOne)
	h = n.relu(h, 192, nn.K(3, 3)).MaxPool(inceptionHalf)
	h = nn.Block("mixed5b", h, func(h nn.Map) nn.Map { return inceptionA(n, h, 32) })
	h = nn.Block("mixed5c", h, func(h nn.Map) nn.Map { return inceptionA(n, h, 64) })
	h = nn.Block("mixed5d", h, func(h nn.Map) nn.Map { return inceptionA(n, h, 64) })
	h = nn.Block("mixed6a", h, func(h nn.Map) nn.Map { return inceptionB(n, h) })
	h = nn.Block("mixed6b", h, func(h nn.Map) nn.Map { return inceptionC(n, h, 128) })
	h = nn.Block("mixed6c", h, func(h nn.Map) nn.Map { return inceptionC(n, h, 160) })
	h = nn.Block("mixed6d", h, func(h nn.Map) nn.Map { return inceptionC(n, h, 160) })
	return nn.Block("mixed6e", h, func(h nn.Map) nn.Map { return inceptionC(n, h, 192) })
}

// inceptionHead is what follows.
func inceptionHead(n Norm, h nn.Map, classes int) nn.Vec {
	h = nn.Block("mixed7a", h, func(h nn.Map) nn.Map { return inceptionD(n, h) })
	h = nn.Block("mixed7b", h, func(h nn.Map) nn.Map { return inceptionE(n, h) })
	h = nn.Block("mixed7c", h, func(h nn.Map) nn.Map { return inceptionE(n, h) })
	return h.GlobalAvgPool().Dropout(0.2).Dense(classes).As("logits")
}
