package nn_test

import (
	"errors"
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// A network is declared, applied in a graph with a loss, and trained.
func Example() {
	g := nn.New("xor")
	net, err := g.Output("y", g.Vec("x", 2).Dense(8).Tanh().Dense(1)).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	net.Init(1)

	t := nn.New("training")
	y := net.Apply(t, t.Vec("x", 2)).Vec("y")
	step, err := t.Loss("bce", nn.BCE(y, t.Vec("target", 1))).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := nn.Compile(step, nn.Train(net), nn.Batch(4))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Close()
	x, _ := program.Input("x")
	target, _ := program.Input("target")
	copy(x, []float32{0, 0, 0, 1, 1, 0, 1, 1})
	copy(target, []float32{0, 1, 1, 0})

	adam, err := optim.Adam{LR: 0.05}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, _ := program.Output("loss")
	for i := range uint64(200) {
		if err := program.Run(i); err != nil {
			fmt.Println(err)
			return
		}
		adam.Step()
	}
	fmt.Println(loss[0] < 0.05)
	// Output: true
}

// A profile tells where the time of the runs goes: fmt.Print(profile) prints a table.
func ExampleProgram_Profile() {
	g := nn.New("classifier")
	net, err := g.Output("class", g.Map("image", 1, 16, 16).Conv(8, nn.K(3, 3)).Flatten().Dense(10)).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := nn.Compile(net, nn.Batch(16))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Close()
	_ = program.Run(0) // the first run fetches memory from the system
	program.StartProfile()
	for i := range uint64(100) {
		_ = program.Run(1 + i)
	}
	profile, err := program.Profile()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(profile.Runs, "runs")
	layers := map[string]bool{}
	for _, row := range profile.Rows {
		layers[row.Layer] = row.Time > 0
	}
	fmt.Println(layers)
	// Output:
	// 100 runs
	// map[conv_1:true dense_1:true]
}

// Build reports all mistakes at once.
func ExampleGraph_Build() {
	g := nn.New("classifier")
	h := g.Map("image", 3, 8, 8).Conv(16, nn.K(3, 3).Stride(0, 1)).ReLU()
	g.Output("logits", h.Flatten().Dense(10)).Output("size", g.Vec("other", 4).Dropout(2))
	_, err := g.Build()

	var all *nn.BuildError
	fmt.Println(errors.As(err, &all), len(all.Errors), errors.Is(err, nn.ErrShape))
	// Output: true 2 true
}

// A residual block is an ordinary function.
func ExampleBlock() {
	residual := func(x nn.Map) nn.Map {
		return x.
			Conv(x.Channels(), nn.K(3, 3).Same().NoBias()).BatchNorm().ReLU().
			Conv(x.Channels(), nn.K(3, 3).Same().NoBias()).BatchNorm().
			Add(x).ReLU()
	}
	g := nn.New("tower")
	x := g.Map("x", 4, 8, 8)
	for i := range 2 {
		x = nn.Block(fmt.Sprintf("block%d", i+1), x, residual)
	}
	net := g.Output("y", x.GlobalAvgPool().Dense(2)).MustBuild()
	for _, p := range net.Params()[:3] {
		fmt.Println(p.Path, p.Shape)
	}
	// Output:
	// block1/conv_1/weights [4 4 3 3]
	// block1/batch_norm_1/gamma [4]
	// block1/batch_norm_1/beta [4]
}

// In a GAN the discriminator is applied frozen where the generator is trained.
func ExampleNet_Frozen() {
	g, d := nn.New("generator"), nn.New("discriminator")
	gen := g.Output("x", g.Vec("z", 8).Dense(16).ReLU().Dense(4)).MustBuild()
	disc := d.Output("real", d.Vec("x", 4).Dense(16).LeakyReLU(0.2).Dense(1)).MustBuild()

	s := nn.New("generator step")
	fake := gen.Apply(s, s.Vec("z", 8)).Vec("x")
	real := disc.Frozen().Apply(s, fake).Vec("real")
	step := s.Loss("fooled", nn.BCE(real, s.Vec("one", 1))).MustBuild()
	program, err := nn.Compile(step, nn.Train(gen), nn.Batch(32))
	fmt.Println(program.Batch(), err)
	// Output: 32 <nil>
}

func ExampleNet_Summary() {
	g := nn.New("small")
	net := g.Output("y", g.Map("image", 1, 6, 6).Conv(2, nn.K(3, 3)).ReLU().Flatten().Dense(3)).MustBuild()
	_ = net.Summary(os.Stdout)
	// Output:
	// net "small"
	//       layer|     kind|  output|  parameters|  MACs|
	//       image|    Input|   1x6x6|           0|     0|
	//      conv_1|     Conv|   2x4x4|          20|   288|
	//      relu_1|     ReLU|   2x4x4|           0|     0|
	//   flatten_1|  Flatten|      32|           0|     0|
	//     dense_1|    Dense|       3|          99|    96|
	// 119 parameters, 0 running statistics, 384 multiply-adds a sample
}
