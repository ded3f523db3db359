package ir_test

import (
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// halve is an operation that takes every second feature.
type halve struct{}

func (halve) Kind() string { return "Halve" }
func (halve) Infer(in []ir.Type) ([]ir.Type, error) {
	if in[0].Dims[0]%2 != 0 {
		return nil, fmt.Errorf("%w: %s features cannot be halved", ir.ErrShape, in[0])
	}
	return []ir.Type{ir.Sample(in[0].Dims[0] / 2)}, nil
}
func (halve) Lower(*ir.Lowering) (ops.Primitive, error) { return nil, errors.New("not shown") }

// Mistakes are collected while a graph is declared; what depends on one is silent.
func Example() {
	g := &ir.Graph{Name: "example"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(6), Input: "x"})
	y := g.Emit(halve{}, x)
	z := g.Emit(halve{}, g.Emit(halve{}, y))
	fmt.Println(y.Type(), z.OK(), len(g.Errors), g.Errors[0].Err)
	// Output: 3 false 1 shape error: 3 features cannot be halved
}
