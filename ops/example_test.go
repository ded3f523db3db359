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

// A 3x3 convolution with a bias, on an image whose border is padded with zeros,
// and its gradients.
func ExampleNewConv() {
	desc := ops.ConvDesc{
		N: 1, IC: 1, OC: 1, Groups: 1,
		In: [3]int{1, 3, 4}, Out: [3]int{1, 3, 4}, // an image: D = 1
		Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, 1, 1}, Dilation: [3]int{1, 1, 1},
		PadLo: [3]int{0, 1, 1}, PadHi: [3]int{0, 1, 1},
		Bias: true,
	}
	forward, err := ops.NewConv(desc)
	if err != nil {
		log.Fatal(err)
	}
	backward, err := ops.NewConvBackwardWeights(desc)
	if err != nil {
		log.Fatal(err)
	}
	src := []float32{
		0, 0, 0, 0,
		0, 1, 2, 0,
		0, 0, 0, 0,
	}
	laplace := []float32{
		0, 1, 0,
		1, -4, 1,
		0, 1, 0,
	}
	dst := ops.Alloc(desc.DstLen())
	forward.Exec(ops.NewExec(ops.Default(), forward), [][]float32{src, laplace, {10}}, [][]float32{dst})
	for h := range 3 {
		fmt.Println(dst[4*h : 4*h+4])
	}

	diffDst := src
	diffWeights, diffBias := ops.Alloc(desc.WeightsLen()), ops.Alloc(1)
	backward.Exec(ops.NewExec(ops.Default(), backward), [][]float32{src, diffDst}, [][]float32{diffWeights, diffBias})
	fmt.Println(diffWeights, diffBias)
	// Output:
	// [10 11 12 10]
	// [11 8 3 12]
	// [10 11 12 10]
	// [0 0 0 2 5 2 0 0 0] [3]
}

// A deconvolution of stride 2 doubles an image.
func ExampleNewDeconv() {
	desc := ops.DeconvDesc{
		N: 1, IC: 1, OC: 1, Groups: 1,
		In: [3]int{1, 2, 2}, Out: [3]int{1, 4, 4},
		Kernel: [3]int{1, 2, 2}, Stride: [3]int{1, 2, 2}, Dilation: [3]int{1, 1, 1},
	}
	p, err := ops.NewDeconv(desc)
	if err != nil {
		log.Fatal(err)
	}
	dst := ops.Alloc(desc.DstLen())
	p.Exec(ops.NewExec(ops.Default(), p), [][]float32{{1, 2, 3, 4}, {1, 10, 100, 1000}}, [][]float32{dst})
	for h := range 4 {
		fmt.Println(dst[4*h : 4*h+4])
	}
	// Output:
	// [1 10 2 20]
	// [100 1000 200 2000]
	// [3 30 4 40]
	// [300 3000 400 4000]
}

// A dense layer with its activation.
func ExampleNewInnerProduct() {
	p, err := ops.NewInnerProduct(ops.InnerProductDesc{N: 2, IC: 3, OC: 2, Bias: true, Post: ops.Activation{Kind: ops.ReLU}})
	if err != nil {
		log.Fatal(err)
	}
	src := []float32{
		1, 2, 3,
		0, 0, 1,
	}
	weights := []float32{
		1, 1, 1,
		1, 0, -1,
	}
	dst := ops.Alloc(4)
	p.Exec(ops.NewExec(ops.Default(), p), [][]float32{src, weights, {0, 0.5}}, [][]float32{dst})
	fmt.Println(dst)
	// Output: [6 0 1 0]
}
