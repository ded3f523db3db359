package ops_test

import (
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/ops"
)

// A primitive is created once, from a descriptor, and executed as often as there
// are steps, on memory that the caller owns.
func ExamplePrimitive() {
	pool := ops.NewPool(2)
	defer pool.Close()

	desc := ops.PoolingDesc{
		Kind: ops.MaxPooling,
		N:    1, C: 1,
		In: [3]int{1, 4, 4}, Out: [3]int{1, 2, 2}, // an image: D = 1
		Kernel: [3]int{1, 2, 2}, Stride: [3]int{1, 2, 2},
	}
	forward, err := ops.NewPooling(desc)
	if err != nil {
		log.Fatal(err)
	}
	backward, err := ops.NewPoolingBackward(desc)
	if err != nil {
		log.Fatal(err)
	}

	src := []float32{
		1, 2, 0, 0,
		3, 4, 0, 5,
		9, 0, 1, 1,
		0, 0, 1, 1,
	}
	dst, diffSrc := ops.Alloc(4), ops.Alloc(16)
	forward.Exec(ops.NewExec(pool, forward), [][]float32{src}, [][]float32{dst})
	fmt.Println(dst)

	diffDst := []float32{10, 20, 30, 40}
	backward.Exec(ops.NewExec(pool, backward), [][]float32{diffDst, src}, [][]float32{diffSrc})
	for h := range 4 {
		fmt.Println(diffSrc[4*h : 4*h+4])
	}
	// Output:
	// [4 5 9 1]
	// [0 0 0 0]
	// [0 10 0 20]
	// [30 0 40 0]
	// [0 0 0 0]
}

// A descriptor that cannot be is an error that says what was found and expected.
func ExampleNewPooling_error() {
	_, err := ops.NewPooling(ops.PoolingDesc{
		Kind: ops.AveragePooling,
		N:    1, C: 8,
		In: [3]int{25, 25, 25}, Out: [3]int{12, 12, 14},
		Kernel: [3]int{2, 2, 2}, Stride: [3]int{2, 2, 2},
	})
	fmt.Println(err)
	// Output:
	// ops: pooling: invalid descriptor: axis W: output size 14, where the windows number 12, or 13 rounded up
}

// Losses are primitives too: the mean over the batch, and its gradient.
func ExampleNewLoss() {
	desc := ops.LossDesc{Kind: ops.SoftmaxCE, Rows: 2, Cols: 2}
	loss, err := ops.NewLoss(desc)
	if err != nil {
		log.Fatal(err)
	}
	gradient, err := ops.NewLossBackward(desc)
	if err != nil {
		log.Fatal(err)
	}
	logits := []float32{0, 0, 0, 0}
	classes := []float32{0, 1}
	mean, diff := ops.Alloc(1), ops.Alloc(4)
	loss.Exec(ops.NewExec(ops.Default(), loss), [][]float32{logits, classes}, [][]float32{mean})
	gradient.Exec(ops.NewExec(ops.Default(), gradient), [][]float32{logits, classes, {1}}, [][]float32{diff})
	fmt.Printf("%.4f %.2f\n", mean, diff)
	// Output: [0.6931] [-0.25 0.25 0.25 -0.25]
}

func ExamplePoolSize() {
	fmt.Println(ops.PoolSize(25, 2, 2, 0, 0, false), ops.PoolSize(25, 2, 2, 0, 0, true))
	// Output: 12 13
}
