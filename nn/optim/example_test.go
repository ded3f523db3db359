package optim_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/optim"
)

// quadratic stands in for a network: its loss is half the squared distance of
// its weights from (3, -1).
type quadratic struct{ weights, gradients []float32 }

func (q *quadratic) Weights() []float32   { return q.weights }
func (q *quadratic) Gradients() []float32 { return q.gradients }

func (q *quadratic) backward() {
	q.gradients[0] = q.weights[0] - 3
	q.gradients[1] = q.weights[1] + 1
}

func Example() {
	net := &quadratic{make([]float32, 2), make([]float32, 2)}
	opt, err := optim.SGD{LR: 0.05, Momentum: 0.9, Nesterov: true}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 400 {
		net.backward()
		opt.Step()
	}
	fmt.Printf("%.3f after %d steps\n", net.weights, opt.Steps())
	// Output: [3.000 -1.000] after 400 steps
}

// Statistics makes the quadratic one that can be averaged: it has no batch normalisation.
func (q *quadratic) Statistics() []float32 { return nil }

// The mean over the second half of a training that goes to and fro is better than its
// end.
func ExampleSWA() {
	net := &quadratic{make([]float32, 2), make([]float32, 2)}
	opt, err := optim.SGD{LR: 1.9}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}
	average, err := optim.SWA{}.New(net)
	if err != nil {
		fmt.Println(err)
		return
	}
	for step := range 20 {
		net.backward()
		opt.Step()
		if step >= 10 {
			average.Update()
		}
	}
	_ = average.With(func() error {
		fmt.Printf("%.2f with the average\n", net.weights)
		return nil
	})
	fmt.Printf("%.2f at the end\n", net.weights)
	// Output:
	// [3.03 -1.01] with the average
	// [2.64 -0.88] at the end
}

// A setting that cannot work is refused when the optimizer is made.
func ExampleSGD_New() {
	net := &quadratic{make([]float32, 2), make([]float32, 2)}
	_, err := optim.SGD{Momentum: 1.1}.New(net)
	fmt.Println(err)
	// Output: optim: SGD.Momentum is 1.1: a number from 0 to less than 1 is expected
}
