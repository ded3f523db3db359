package ops_test

import (
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/ops"
)

// A layer with one hidden unit that adds up what it has seen so far, as long as that
// is positive; and the gradient of its last state.
func ExampleNewRNN() {
	desc := ops.RNNDesc{
		Cell: ops.VanillaRNN, Activation: ops.Activation{Kind: ops.ReLU},
		T: 4, N: 1, IC: 1, HC: 1,
	}
	forward, err := ops.NewRNN(desc)
	if err != nil {
		log.Fatal(err)
	}
	backward, err := ops.NewRNNBackward(desc)
	if err != nil {
		log.Fatal(err)
	}
	src, weights, recurrent := []float32{5, -9, 1, 2}, []float32{1}, []float32{1}
	dst, workspace := ops.Alloc(desc.DstLen()), ops.Alloc(desc.WorkspaceLen())
	forward.Exec(ops.NewExec(ops.Default(), forward),
		[][]float32{src, weights, recurrent, nil, nil}, // no bias, and a first state of zeros
		[][]float32{dst, workspace})
	fmt.Println(dst)

	diffDst := []float32{0, 0, 0, 1} // the last state alone matters
	diffSrc, diffWeights, diffRecurrent := ops.Alloc(4), ops.Alloc(1), ops.Alloc(1)
	backward.Exec(ops.NewExec(ops.Default(), backward),
		[][]float32{diffDst, src, weights, recurrent, nil, dst, workspace},
		[][]float32{diffSrc, diffWeights, diffRecurrent, nil, nil})
	fmt.Println(diffSrc, diffWeights, diffRecurrent)
	// Output:
	// [5 0 1 3]
	// [0 0 1 1] [3] [1]
}

// A bidirectional LSTM is one primitive for each direction.
func ExampleRNNDesc() {
	desc := ops.RNNDesc{Cell: ops.LSTM, T: 2, N: 1, IC: 3, HC: 2, Bias: true}
	src := []float32{1, 0, -1, 0.5, 0.5, 0.5}
	weights, recurrent, bias := ops.Alloc(desc.WeightsLen()), ops.Alloc(desc.RecurrentLen()), ops.Alloc(desc.BiasLen())
	for i := range bias {
		bias[i] = float32(i) / 4
	}
	for _, reverse := range []bool{false, true} {
		desc.Reverse = reverse
		p, err := ops.NewRNNInference(desc)
		if err != nil {
			log.Fatal(err)
		}
		dst, cN := ops.Alloc(desc.DstLen()), ops.Alloc(desc.StateLen())
		p.Exec(ops.NewExec(ops.Default(), p),
			[][]float32{src, weights, recurrent, bias, nil, nil}, [][]float32{dst, cN})
		fmt.Printf("%.3f, at last %.3f\n", dst, cN)
	}
	// Output:
	// [0.297 0.378 0.449 0.566], at last [0.618 0.801]
	// [0.449 0.566 0.297 0.378], at last [0.618 0.801]
}
