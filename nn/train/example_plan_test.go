package train_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/schedule"
	"github.com/cascade-hpc/cascade/nn/train"
)

// Two cycles of the learning rate; each collapses beside the training into a network that
// is kept.
func ExampleLoop_plan() {
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
	sgd, _ := optim.SGD{Momentum: 0.9}.New(net)

	collapse := &plan.Collapse{Length: plan.Epochs(1)}
	timeline, err := plan.Plan{Name: "two cycles", Phases: []plan.Phase{
		{Name: "1", Length: plan.Epochs(2), LR: schedule.Poly{Base: 0.1, Power: 2, Horizon: 4}, Unit: plan.Epochs(1), Collapse: collapse},
		{Name: "2", Length: plan.Epochs(2), LR: schedule.Poly{Base: 0.05, Power: 2, Horizon: 4}, Unit: plan.Epochs(1), Collapse: collapse},
	}}.Resolve(50, plan.Length{})
	if err != nil {
		fmt.Println(err)
		return
	}

	dir, _ := os.MkdirTemp("", "plan")
	defer os.RemoveAll(dir)
	loop := train.Loop{
		Plan: timeline, Batch: 4, Metrics: []string{"mse"},
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
		Snapshot: func(s plan.Segment) error {
			fmt.Printf("%s at step %d: y = %.2f x %+.2f\n", s.Name, s.First+s.Length, net.Weights()[0], net.Params()[1].Data[0])
			return net.Save(filepath.Join(dir, s.Name+".safetensors"), nil)
		},
		State:      &train.State{Members: []train.Member{{Net: net, Optimizer: sgd}}},
		Checkpoint: filepath.Join(dir, "checkpoint.safetensors"),
		Out:        io.Discard,
	}
	if err := loop.Run(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1c at step 150: y = 3.00 x -2.00
	// 2c at step 300: y = 3.00 x -2.00
}
