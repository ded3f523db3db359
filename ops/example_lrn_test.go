package ops_test

import (
	"fmt"
	"log"

	"github.com/cascade-hpc/cascade/ops"
)

// Four channels of one position: each is divided by the root of 1 and the squares of
// itself and its neighbours. Alpha is divided by Size, whatever the border cuts off.
func ExampleNewLRN() {
	p, err := ops.NewLRN(ops.LRNDesc{
		Kind: ops.AcrossChannels,
		N:    1, C: 4, In: [3]int{1, 1, 1},
		Size: 3, Alpha: 3, Beta: 0.5, K: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	dst := ops.Alloc(4)
	p.Exec(ops.NewExec(ops.Default(), p), [][]float32{{2, 2, 0, 0}}, [][]float32{dst})
	fmt.Printf("%.3f\n", dst)
	// Output: [0.667 0.667 0.000 0.000]
}
