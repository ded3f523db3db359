package nn_test

import (
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
)

// A recurrent net learns to add: the hits of a track, of which there are eight, make
// its energy.
func ExampleSeq() {
	g := nn.New("calorimeter")
	net := g.Output("energy", g.Seq("hits", 8, 1).LSTM(16).Last().Dense(1)).MustBuild()

	t := nn.New("training")
	energy := net.Apply(t, t.Seq("hits", 8, 1)).Vec("energy")
	step := t.Loss("mse", nn.MSE(energy, t.Vec("true", 1))).MustBuild()
	program, err := nn.Compile(step, nn.Train(net), nn.Batch(32))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer program.Close()
	adam, err := optim.Adam{LR: 0.01}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}
	hits, _ := program.Input("hits")
	sums, _ := program.Input("true")
	loss, _ := program.Output("loss")
	r := philox.NewStream(1, 0)
	for i := range uint64(400) {
		clear(sums)
		for k := range hits {
			hits[k] = r.Float32()
			sums[k/8] += hits[k]
		}
		if err := program.Run(i); err != nil {
			fmt.Println(err)
			return
		}
		adam.Step()
	}
	fmt.Printf("%v, where guessing the mean gives %.2f\n", loss[0] < 0.05, 8./12)
	// Output: true, where guessing the mean gives 0.67
}

// Both directions and a stack: what a layer returns for every step is the input of the
// next.
func ExampleSeq_LSTM() {
	g := nn.New("tagger")
	h := g.Seq("tracks", 20, 6).
		LSTM(32, nn.Recurrent().Bidirectional()).
		LSTM(16, nn.Recurrent().NoBias())
	net := g.Output("tags", h.Dense(3)).MustBuild()
	_ = net.Summary(os.Stdout)
	// Output:
	// net "tagger"
	//      layer|    kind|  output|  parameters|     MACs|
	//     tracks|   Input|    20x6|           0|        0|
	//     lstm_1|    LSTM|   20x32|       4,992|   97,280|
	//     lstm_2|    LSTM|   20x32|       4,992|   97,280|
	//   concat_1|  Concat|   20x64|           0|        0|
	//     lstm_3|    LSTM|   20x16|       5,120|  102,400|
	//    dense_1|   Dense|    20x3|          51|      960|
	// 15,155 parameters, 0 running statistics, 297,920 multiply-adds a sample
}
