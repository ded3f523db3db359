// Package conv3d is the language of package nn for volumes: the handle [Vol], a
// symbolic batch N x C x D x H x W, its window specs and its operations.
//
//	g := nn.New("generator")
//	z := g.Vec("z", 200)
//	shower := conv3d.Reshape(z.Dense(7*7*8*8), 8, 7, 7, 8).
//		Conv(64, conv3d.K(6, 6, 8).Same()).LeakyReLU(0.3).BatchNorm().
//		Upsample(2, 2, 2).
//		Conv(1, conv3d.K(6, 5, 8).Pad(2, 2, 0)).ReLU()
//	net, err := g.Output("shower", shower).Build()
//
// A volume and an image are different types, and so are their windows: the Go
// compiler refuses to convolve one with the other's.
package conv3d
