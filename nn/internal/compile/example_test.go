package compile_test

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/compile"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// A graph is compiled to primitives and run.
func Example() {
	g := &ir.Graph{Name: "example"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(3), Input: "x"})
	y := g.Emit(op.Sum{}, g.Emit(op.Scale{Factor: 2}, x))
	pool := ops.NewPool(1)
	defer pool.Close()
	p, err := compile.Compile(compile.Source{
		Graph:   g,
		Inputs:  []compile.Port{{Name: "x", Value: x}},
		Outputs: []compile.Port{{Name: "y", Value: y}},
	}, compile.Options{Batch: 2, Pool: pool})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, _ := p.Input("x")
	out, _ := p.Output("y")
	copy(in.Data, []float32{1, 2, 3, 4, 5, 6})
	err = p.Run(0)
	fmt.Println(out.Data, out.Shape, err)
	// Output: [12 30] [2 1] <nil>
}
