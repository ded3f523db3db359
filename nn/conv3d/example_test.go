package conv3d_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/nn/optim"
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

// The twenty lines of the README.
func Example_training() {
	g := nn.New("classifier")
	x := conv3d.Input(g, "shower", 1, 25, 25, 25)
	h := x.Conv(8, conv3d.K(5, 5, 5).Stride(2, 2, 2).Same()).LeakyReLU(0.3).
		Conv(16, conv3d.K(4, 4, 4).Stride(2, 2, 2).Same()).LeakyReLU(0.3).BatchNorm().
		Flatten().Dropout(0.2)
	net, err := g.Output("electron", h.Dense(1)).Output("energy", h.Dense(1)).Build()
	if err != nil {
		fmt.Println(err)
		return
	}

	t := nn.New("training")
	out := net.Apply(t, conv3d.Input(t, "shower", 1, 25, 25, 25))
	step, err := t.
		Loss("kind", nn.BCE(out.Vec("electron"), t.Vec("label", 1))).
		Loss("energy", nn.MAPE(out.Vec("energy"), t.Vec("truth", 1)).Weight(0.1)).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}

	program, err := nn.Compile(step, nn.Train(net), nn.Batch(2))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Close()
	adam, err := optim.Adam{LR: 1e-3}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}
	shower, err := program.Input("shower") // 2 x 1 x 25 x 25 x 25; likewise label, truth
	for i := range uint64(3) {
		shower[i] = 1 // your data
		if err = program.Run(i); err != nil {
			break
		}
		adam.Step() // on net.Gradients()
	}
	fmt.Println(net.Size(), err)
	// Output: 20226 <nil>
}
