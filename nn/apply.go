package nn

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
)

// Outputs are the outputs of an applied net.
type Outputs struct {
	graph *ir.Graph
	net   string
	ports []port
}

// Get is the output of a name; one that the net does not have is a mistake.
func (o Outputs) Get(name string) Tensor {
	for _, p := range o.ports {
		if p.name == name {
			return Tensor{p.value}
		}
	}
	if o.graph == nil {
		return Tensor{}
	}
	if o.ports != nil { // else Apply itself went wrong, which is on the list
		o.graph.Fail("Apply", fmt.Errorf("%w: net %q has no output %q: %q are there", ErrShape, o.net, name, names(o.ports)))
	}
	return Tensor{o.graph.Poison()}
}

// Vec is the output of a name as a vector.
func (o Outputs) Vec(name string) Vec { return o.Get(name).Vec() }

// Seq is the output of a name as a sequence.
func (o Outputs) Seq(name string) Seq { return o.Get(name).Seq() }

// Map is the output of a name as an image.
func (o Outputs) Map(name string) Map { return o.Get(name).Map() }

// Apply declares the net inside another graph, on handles of that graph, one for
// each of its inputs in their order. The parameters are shared: what trains them
// there trains the net.
func (n *Net) Apply(g *Graph, in ...Handle) Outputs { return n.apply(g, false, in) }

// Frozen is the net as something that is not trained.
func (n *Net) Frozen() Frozen { return Frozen{n} }

// Frozen applies a net without training it: gradients flow through to its inputs,
// but its parameters have none, and its running statistics stay as they are. In a
// program that trains other nets batch normalisation still uses the batch, and
// dropout drops.
type Frozen struct{ net *Net }

// Apply is [Net.Apply].
func (f Frozen) Apply(g *Graph, in ...Handle) Outputs { return f.net.apply(g, true, in) }

func (n *Net) apply(g *Graph, frozen bool, in []Handle) Outputs {
	out := Outputs{graph: g.g, net: n.Name()}
	inputs, ok := n.match(g, in)
	if !ok {
		return out
	}
	g.applied[n]++
	prefix := n.Name() + "/"
	if times := g.applied[n]; times > 1 {
		prefix = fmt.Sprintf("%s#%d/", n.Name(), times)
	}
	at := g.g.Copy(n.graph, inputs, prefix, frozen)
	for _, p := range n.outputs {
		out.ports = append(out.ports, port{p.name, at(p.value)})
	}
	return out
}

// match gives the net's inputs the handles, and reports what does not fit.
func (n *Net) match(g *Graph, in []Handle) (map[string]ir.Value, bool) {
	if len(in) != len(n.inputs) {
		g.g.Fail("Apply", shapeError("net %q has %d inputs %q and is applied to %d", n.Name(), len(n.inputs), names(n.inputs), len(in)))
		return nil, false
	}
	if len(n.outputs) == 0 {
		g.g.Fail("Apply", shapeError("net %q has no outputs", n.Name()))
		return nil, false
	}
	inputs := map[string]ir.Value{}
	for i, p := range n.inputs {
		v := in[i].Tensor().v
		if !g.owns("Apply", p.name, v) {
			return nil, false
		}
		if want := p.value.Type(); !want.Same(v.Type()) {
			g.g.Fail("Apply", shapeError("input %q of net %q is %s and is applied to %s", p.name, n.Name(), want, v.Type()))
			return nil, false
		}
		inputs[p.name] = v
	}
	return inputs, true
}

func names(ports []port) []string {
	list := make([]string, len(ports))
	for i, p := range ports {
		list[i] = p.name
	}
	return list
}
