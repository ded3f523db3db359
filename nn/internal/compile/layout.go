package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// layout gives every tensor the layout that its operation writes, and puts a
// reorder where one that reads it, or the user, wants another. A tensor that
// several want in the same layout is reordered once.
func layout(m *Module) error {
	l := layouts{Module: m, reordered: map[reorderKey]ir.Value{}}
	nodes := m.graph.Nodes
	m.graph.Nodes = nil
	for _, n := range nodes {
		if err := l.node(n); err != nil {
			return err
		}
	}
	for i := range m.outputs {
		if err := l.want(&m.outputs[i].Value, ops.NCX); err != nil {
			return err
		}
	}
	for i := range m.graph.Effects {
		if err := l.want(&m.graph.Effects[i].Value, ops.NCX); err != nil {
			return err
		}
	}
	m.notef("%d reorders", len(l.reordered))
	return nil
}

type layouts struct {
	*Module
	reordered map[reorderKey]ir.Value
}

type reorderKey struct {
	value ir.Value
	to    ops.Layout
}

// node appends a node, and before it the reorders that it needs.
func (l *layouts) node(n *ir.Node) error {
	reads, writes := make([]ops.Layout, len(n.In)), make([]ops.Layout, len(n.Out))
	if laid, ok := n.Op.(ir.Laid); ok {
		in := make([]ir.Type, len(n.In))
		for i, v := range n.In {
			in[i] = v.Type()
		}
		reads, writes = laid.Layouts(in, n.Out)
	}
	for i := range n.In {
		if err := l.want(&n.In[i], reads[i]); err != nil {
			return err
		}
	}
	n.Out = append([]ir.Type(nil), n.Out...)
	for i := range n.Out {
		n.Out[i].Layout = writes[i]
	}
	l.graph.Nodes = append(l.graph.Nodes, n)
	return nil
}

// want makes v a value in the layout.
func (l *layouts) want(v *ir.Value, to ops.Layout) error {
	if v.Type().Layout == to {
		return nil
	}
	key := reorderKey{*v, to}
	if l.reordered[key].Node == nil {
		n, err := l.graph.Add(v.Node, op.Reorder{To: to}, []ir.Value{*v})
		if err != nil {
			return err
		}
		l.reordered[key] = ir.Value{Node: n}
	}
	*v = l.reordered[key]
	return nil
}
