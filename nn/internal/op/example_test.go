package op_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

func Example() {
	window := op.Window{Rank: 2, Kernel: [3]int{1, 5, 5}, Stride: [3]int{1, 2, 2}, Dilation: [3]int{1, 1, 1}, Same: true}
	g := &ir.Graph{Name: "classifier"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(1, 28, 28), Input: "image"})
	x = g.Emit(op.Conv{Filters: 8, Groups: 1, Window: window, Bias: true}, x)
	x = g.Emit(op.Activation{Fn: ops.Activation{Kind: ops.ReLU}}, x)
	fmt.Println(x.Type())

	bad := g.Emit(op.Dense{Units: 10}, x)
	fmt.Println(bad.OK(), g.Errors[0].Err)
	// Output:
	// 8x14x14
	// false shape error: a sample of 8x14x14: it must be a vector or a sequence; flatten it
}
