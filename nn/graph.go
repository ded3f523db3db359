package nn

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// Graph is a network under declaration: inputs, the operations on them, and what is
// to come out. [Graph.Build] makes a [Net] of it. A Graph is for one goroutine.
type Graph struct {
	g       *ir.Graph
	inputs  []port
	outputs []port
	losses  []lossPort
	applied map[*Net]int // how often
	built   bool
}

// port is a named input or output.
type port struct {
	name  string
	value ir.Value
}

// lossPort is a named loss with its share of the total.
type lossPort struct {
	port
	weight float32
}

// New begins a declaration. The name is for messages, summaries and model files.
func New(name string) *Graph {
	return &Graph{g: &ir.Graph{Name: name}, applied: map[*Net]int{}}
}

// Vec declares an input of N x features.
func (g *Graph) Vec(name string, features int) Vec { return Vec{g.Input(name, features)} }

// Map declares an input of N x c x h x w.
func (g *Graph) Map(name string, c, h, w int) Map { return Map{g.Input(name, c, h, w)} }

// Seq declares an input of N x steps x features.
func (g *Graph) Seq(name string, steps, features int) Seq { return Seq{g.Input(name, steps, features)} }

// Input declares an input of any rank; dims are those of one sample. Packages of
// handles are built on it.
func (g *Graph) Input(name string, dims ...int) Tensor {
	for _, d := range dims {
		if d < 1 {
			g.g.Fail("Input", shapeError("input %q of %v: each size must be at least 1", name, dims))
			return Tensor{g.g.Poison()}
		}
	}
	g.claim("Input", name, g.inputs)
	v := g.g.Leaf(ir.Leaf{Type: ir.Sample(dims...), Input: name})
	g.inputs = append(g.inputs, port{name, v})
	return Tensor{v}
}

// Output declares that the tensor is a result, under a name.
func (g *Graph) Output(name string, h Handle) *Graph {
	g.claim("Output", name, g.results())
	if g.owns("Output", name, h.Tensor().v) {
		g.outputs = append(g.outputs, port{name, h.Tensor().v})
	}
	return g
}

// Loss declares a loss under a name. The gradient of a program that trains is that
// of the weighted sum of all losses, which it reports as "loss", beside each
// unweighted loss under its own name.
func (g *Graph) Loss(name string, l Loss) *Graph {
	g.claim("Loss", name, g.results())
	if name == totalLoss {
		g.g.Fail("Loss", shapeError("the name %q is that of the weighted sum of all losses", name))
	}
	if g.owns("Loss", name, l.t.v) {
		g.losses = append(g.losses, lossPort{port{name, l.t.v}, l.weight})
	}
	return g
}

// totalLoss is the output that holds the weighted sum of the losses.
const totalLoss = "loss"

func (g *Graph) results() []port {
	all := append([]port(nil), g.outputs...)
	for _, l := range g.losses {
		all = append(all, l.port)
	}
	return all
}

// claim reports a name that is empty or taken.
func (g *Graph) claim(what, name string, taken []port) {
	if name == "" {
		g.g.Fail(what, shapeError("the name is empty"))
	}
	for _, p := range taken {
		if p.name == name {
			g.g.Fail(what, shapeError("the name %q is taken", name))
		}
	}
}

// owns reports a value that is none of the graph's; nothing is left to say about
// one that is poisoned.
func (g *Graph) owns(what, name string, v ir.Value) bool {
	switch {
	case v.Node == nil:
		g.g.Fail(what, shapeError("%q is a zero handle, made by no operation", name))
	case v.Node.Graph != g.g:
		g.g.Fail(what, fmt.Errorf("%w: %q belongs to graph %q", ErrForeignGraph, name, v.Node.Graph.Name))
	default:
		return v.OK()
	}
	return false
}
