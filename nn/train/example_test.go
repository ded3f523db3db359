package train_test

import (
	"context"
	"fmt"
	"io"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
)

// A straight line is learned from noiseless points.
func ExampleLoop() {
	g := nn.New("line")
	net := g.Output("y", g.Vec("x", 1).Dense(1)).MustBuild()
	s := nn.New("step")
	step := s.Loss("mse", nn.MSE(net.Apply(s, s.Vec("x", 1)).Vec("y"), s.Vec("y", 1))).MustBuild()
	program, err := nn.Compile(step, nn.Train(net), nn.Batch(4))
	if err != nil {
		fmt.Println(err)
		return
	}
	x, _ := program.Input("x")
	y, _ := program.Input("y")
	loss, _ := program.Output("loss")
	sgd, err := optim.SGD{LR: 0.1}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}

	loop := train.Loop{
		Epochs: 4, Steps: 50, Batch: 4, Metrics: []string{"mse"},
		Step: func(at train.Position, metrics []float64) error {
			for i := range x {
				x[i] = float32(i) - 1.5
				y[i] = 3*x[i] - 2
			}
			if err := program.Run(at.Total); err != nil {
				return err
			}
			sgd.Step()
			metrics[0] = float64(loss[0])
			return nil
		},
		State: &train.State{Members: []train.Member{{Net: net, Optimizer: sgd}}},
		Out:   io.Discard,
	}
	err = loop.Run(context.Background())
	weights := net.Params()
	fmt.Printf("%.2f %.2f %v\n", weights[0].Data[0], weights[1].Data[0], err)
	// Output: 3.00 -2.00 <nil>
}
