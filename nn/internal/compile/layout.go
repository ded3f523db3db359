package compile

import (
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// maxTable is the number of combinations that the choice of layouts compares at a time.
const maxTable = 1 << 16

// layout chooses for every operation the layouts that it works in, so that all of them
// together, with the reorders where two disagree, take the least time that the cost
// model knows of. Users and effects find plain tensors.
func layout(m *Module) error {
	model, err := newLayoutModel(m)
	if err != nil {
		return err
	}
	chosen := model.choose()
	r := reorders{Module: m, made: map[reorderKey]ir.Value{}}
	nodes := m.graph.Nodes
	m.graph.Nodes = nil
	for _, n := range nodes {
		c := model.nodes[n]
		if err := r.node(n, c.options[chosen.states[c.variable]]); err != nil {
			return err
		}
	}
	for i := range m.outputs {
		if err := r.want(&m.outputs[i].Value, ops.NCX, m.outputs[i].Value.Node); err != nil {
			return err
		}
	}
	for i := range m.graph.Effects {
		if err := r.want(&m.graph.Effects[i].Value, ops.NCX, m.graph.Effects[i].Value.Node); err != nil {
			return err
		}
	}
	model.note(chosen)
	m.orElse = model.orElse(chosen)
	return nil
}

// choose finds the states of least cost. Where that would take too long it begins with
// the best layout for all.
func (l *layoutModel) choose() solution {
	var start []int
	for layout := range l.alone {
		states := l.uniform(ops.Layout(layout))
		l.alone[layout] = l.net.total(states)
		if l.alone[layout] == slices.Min(l.alone[:layout+1]) {
			start = states
		}
	}
	return l.net.minimise(start, maxTable)
}

// reorders puts reorders where an operation wants a tensor in another layout than the
// one that writes it. A tensor that several want in the same layout is reordered once.
type reorders struct {
	*Module
	made map[reorderKey]ir.Value
}

type reorderKey struct {
	value ir.Value
	to    ops.Layout
}

// node appends a node, and before it the reorders that it needs.
func (r *reorders) node(n *ir.Node, a ir.Arrangement) error {
	for i := range n.In {
		if err := r.want(&n.In[i], a.In[i], n); err != nil {
			return err
		}
	}
	n.Out = arranged(n.Out, a.Out)
	r.graph.Nodes = append(r.graph.Nodes, n)
	return nil
}

// want makes v a value in the layout, for a reader. A reorder belongs to the layer that
// writes the value, or to the one that reads it if it is an input, which is no layer.
func (r *reorders) want(v *ir.Value, to ops.Layout, reader *ir.Node) error {
	if v.Type().Layout == to {
		return nil
	}
	key := reorderKey{*v, to}
	if r.made[key].Node == nil {
		layer := v.Node
		if layer.IsLeaf() {
			layer = reader
		}
		n, err := r.graph.Add(layer, op.Reorder{To: to}, []ir.Value{*v})
		if err != nil {
			return err
		}
		r.made[key] = ir.Value{Node: n}
	}
	*v = r.made[key]
	return nil
}
