package dist_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/dist"
)

// Three ranks in one process add up what they have.
func ExampleRun() {
	err := dist.Run(3, func(c *dist.Comm) error {
		x := []float64{float64(c.Rank()), 1}
		if err := dist.Allreduce(c, x, dist.Sum); err != nil {
			return err
		}
		if c.Rank() == 0 {
			fmt.Println(x)
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// [3 3]
	// <nil>
}

// A reduction goes on while the rank computes.
func ExampleAllreduceInit() {
	err := dist.Run(2, func(c *dist.Comm) error {
		gradients, err := dist.Alloc[float32](1 << 20)
		if err != nil {
			return err
		}
		reduction, err := dist.AllreduceInit(c, gradients, dist.Sum)
		if err != nil {
			return err
		}
		for range 10 {
			gradients[0] = 0.5
			reduction.Start()
			// … the backward pass of other layers …
			if err := reduction.Wait(); err != nil {
				return err
			}
		}
		if c.Rank() == 0 {
			fmt.Println(gradients[0])
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// 1
	// <nil>
}
