package conv3d_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
)

// The generator of a small 3D-GAN: a deconvolution doubles every axis.
func Example() {
	g := nn.New("generator")
	shower := conv3d.Reshape(g.Vec("z", 16).Dense(4*3*3*3), 4, 3, 3, 3).
		Deconv(8, conv3d.DeconvK(4, 4, 4).Stride(2, 2, 2).Same()).LeakyReLU(0.3).BatchNorm().
		Conv(1, conv3d.K(2, 2, 2)).ReLU()
	net, err := g.Output("shower", shower).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(shower.Tensor().Dims(), net.Size())
	// Output: [1 5 5 5] 3973
}
