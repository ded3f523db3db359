package schedule_test

import (
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// The first phase of a published ResNet-50: at the end of its warm-up the rate steps
// down, since Caffe counts the warm-up among the steps of the polynomial.
func Example() {
	poly := schedule.Poly{Base: schedule.ScaleLinearly(0.1, 256, 4096), Horizon: 18720}
	err := schedule.Table(os.Stdout, []uint64{0, 780, 1559, 1560, 7799},
		schedule.Warmup{From: 0.1, Steps: 1560, Then: poly},
		schedule.Warmup{From: 0.1, Steps: 1560, Then: poly, Rebase: true})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// (1) warm-up: from 0.1 in 1560, and on along poly: 1.6 to 0 in 18720, power 1
	// (2) warm-up: from 0.1 in 1560, then poly: 1.6 to 0 in 18720, power 1
	//   step        (1)       (2)
	//      0        0.1       0.1
	//    780       0.85      0.85
	//   1559   1.599038  1.599038
	//   1560   1.466667       1.6
	//   7799  0.9334188  1.066752
}

// Mistakes are found before the first step, all at once.
func ExampleCheck() {
	fmt.Println(schedule.Check(schedule.Warmup{
		From: -0.1, Steps: 500,
		Then: schedule.Step{Base: 0.1, Factor: -1},
	}))
	// Output:
	// schedule: Warmup.From is -0.1: a finite number from 0 on is expected
	// Warmup, Then: schedule: Step.Factor is -1: a number above 0, 1 at most, is expected
	// schedule: Step.Every is 0: a finite number of steps above 0 is expected
}

// The momentum of 1cycle is low where the rate is high.
func ExampleOneCycle() {
	rate := schedule.OneCycle{Max: 1, Length: 101, Rise: 0.5}
	momentum := rate.Momentum(0.85, 0.95)
	for _, step := range []uint64{0, 25, 50, 75, 100} {
		fmt.Printf("%3d  %.4f  %.4f\n", step, rate.At(step), momentum.At(step))
	}
	// Output:
	//   0  0.0400  0.9500
	//  25  0.5276  0.8992
	//  50  0.9998  0.8500
	//  75  0.4922  0.9008
	// 100  0.0000  0.9500
}
