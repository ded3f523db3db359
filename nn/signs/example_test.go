package signs_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/signs"
)

// Somebody trains on bytes as they come from a file.
func Example() {
	g := nn.New("classifier")
	net := g.Output("logits", g.Map("image", 1, 8, 8).Conv(4, nn.K(3, 3)).ReLU().Flatten().Dense(2)).MustBuild()
	s := nn.New("step")
	logits := net.Apply(s, s.Map("image", 1, 8, 8)).Vec("logits")
	step := s.Loss("class", nn.SoftmaxCE(logits, s.Vec("label", 1))).MustBuild()
	program, err := nn.Compile(step, nn.Train(net), nn.Batch(4))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Close()
	image, _ := program.Input("image")
	adam, err := optim.Adam{LR: 1e-3}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}

	var watch signs.Watch
	watch.Begin([]signs.Member{{Net: net, Optimizer: adam}}, 0)
	defer watch.End()
	for i := range uint64(5) {
		for k := range image {
			image[k] = float32(k * 37 % 256)
		}
		watch.Before()
		if err := program.Run(i); err != nil {
			fmt.Println(err)
			return
		}
		adam.Step()
		for _, sign := range watch.After() {
			fmt.Println(sign.Step, sign.Kind)
			fmt.Println(sign.Text)
		}
	}
	// Output:
	// 3 inputs
	// the input "image" of "step" is not normalised: channel 0 has mean 127.5, deviation 73.9, from 0 to 255: layers are made for values of about mean 0 and deviation 1, and the largest learning rate that is stable falls with the square of the values: divide them
}
