package spec_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/spec"
)

// A spec with a mistake becomes an operation that reports it.
func Example() {
	k := spec.New(3, 3).Same()
	_, good := k.Conv(8).Infer([]ir.Type{ir.Sample(3, 9, 9), ir.Whole(8, 3, 3, 3), ir.Whole(8)})
	_, bad := k.Stride(0, 2).Conv(8).Infer(nil)
	fmt.Println(good)
	fmt.Println(bad)
	// Output:
	// <nil>
	// shape error: [0 2]: each must be at least 1
}
