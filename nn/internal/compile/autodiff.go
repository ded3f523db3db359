package compile

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// autodiff appends the operations that compute the gradient of the weighted sum of
// the losses with respect to every trained variable: reverse-mode differentiation
// of the graph, from the last node to the first. Nothing is computed that no
// trained variable needs.
func autodiff(m *Module) error {
	if !m.Training {
		return nil
	}
	d := &differentiation{Module: m, needed: map[*ir.Node]bool{}, parts: map[ir.Value][]ir.Value{}}
	forward := append([]*ir.Node(nil), m.graph.Nodes...)
	d.markNeeded(forward)
	for _, l := range m.losses {
		if d.needed[l.Value.Node] {
			seed := m.graph.Leaf(ir.Leaf{Type: l.Value.Type(), Const: []float32{l.Weight}})
			d.parts[l.Value] = append(d.parts[l.Value], seed)
		}
	}
	for i := len(forward) - 1; i >= 0; i-- {
		if err := d.node(forward[i]); err != nil {
			return err
		}
	}
	if err := d.store(forward); err != nil {
		return err
	}
	for _, n := range m.graph.Nodes[len(forward):] {
		n.Backward = true
	}
	return nil
}

// differentiation is the state of the pass.
type differentiation struct {
	*Module
	needed map[*ir.Node]bool       // depends on a trained variable
	parts  map[ir.Value][]ir.Value // contributions to the gradient of a value
}

func (d *differentiation) markNeeded(forward []*ir.Node) {
	for _, n := range forward {
		d.needed[n] = d.trains(n)
		for _, v := range n.In {
			d.needed[n] = d.needed[n] || d.needed[v.Node]
		}
	}
}

// trains says that the node is a variable whose gradient is wanted here.
func (d *differentiation) trains(n *ir.Node) bool {
	l, ok := n.Op.(ir.Leaf)
	return ok && l.Variable != nil && !n.Frozen && l.Variable.Role == ir.Weight && d.Trained[l.Variable]
}

// node adds what computes the gradients of a node's inputs.
func (d *differentiation) node(n *ir.Node) error {
	if n.IsLeaf() || !d.needed[n] {
		return nil
	}
	dout, flows := make([]ir.Value, len(n.Out)), false
	for i := range dout {
		v, err := d.sum(ir.Value{Node: n, Index: i})
		if err != nil {
			return err
		}
		dout[i] = v
		flows = flows || v.OK()
	}
	if !flows {
		return nil
	}
	if _, ok := n.Op.(ir.Differentiable); !ok {
		return fmt.Errorf("%s: %w: it cannot be trained through", where(n), ir.ErrUnsupported)
	}
	needs := make([]bool, len(n.In))
	for i, v := range n.In {
		needs[i] = d.needed[v.Node]
	}
	din, err := ir.Differentiate(n, dout, needs)
	if err != nil {
		return fmt.Errorf("gradient of %s: %w", where(n), err)
	}
	for i, v := range din {
		if v.OK() && needs[i] {
			d.parts[n.In[i]] = append(d.parts[n.In[i]], v)
		}
	}
	return nil
}

// sum is the gradient of a value: the sum of what its users contribute, or the
// zero Value where nothing flows.
func (d *differentiation) sum(v ir.Value) (ir.Value, error) {
	parts := d.parts[v]
	switch len(parts) {
	case 0:
		return ir.Value{}, nil
	case 1:
		return parts[0], nil
	}
	n, err := d.graph.Add(v.Node, op.Add{}, parts)
	return ir.Value{Node: n}, err
}

// store makes the gradients of trained variables effects of the program. A net that
// is applied twice has two leaves for a variable, whose gradients are added.
func (d *differentiation) store(forward []*ir.Node) error {
	parts := map[*ir.Variable][]ir.Value{}
	var order []*ir.Variable
	for _, n := range forward {
		if !d.trains(n) {
			continue
		}
		l := n.Op.(ir.Leaf)
		if _, seen := parts[l.Variable]; !seen {
			order = append(order, l.Variable)
		}
		parts[l.Variable] = append(parts[l.Variable], d.parts[ir.Value{Node: n}]...)
	}
	for _, v := range order {
		if len(parts[v]) == 0 {
			d.unused = append(d.unused, v)
			continue
		}
		leaf := v.Node
		g := parts[v][0]
		if len(parts[v]) > 1 {
			n, err := d.graph.Add(leaf, op.Add{}, parts[v])
			if err != nil {
				return err
			}
			g = ir.Value{Node: n}
		}
		d.graph.Effects = append(d.graph.Effects, ir.Effect{Value: g, Variable: v, Gradient: true})
	}
	d.notef("gradients of %d parameter tensors in %d operations", len(order), len(d.graph.Nodes)-len(forward))
	return nil
}
