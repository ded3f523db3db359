package compile

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// specialise copies the declaration, so that later passes may rewrite it, and asks
// layers that compute one thing in training and another in inference for theirs.
// The weighted sum of the losses becomes an output.
func specialise(m *Module, src Source) error {
	m.graph = &ir.Graph{Name: src.Graph.Name}
	copies := map[ir.Value]ir.Value{}
	for _, n := range src.Graph.Nodes {
		in := make([]ir.Value, len(n.In))
		for i, v := range n.In {
			in[i] = copies[v]
		}
		if err := m.copyNode(n, in, copies); err != nil {
			return err
		}
	}
	for _, p := range src.Inputs {
		m.inputs = append(m.inputs, Port{p.Name, copies[p.Value]})
	}
	for _, p := range src.Outputs {
		m.outputs = append(m.outputs, Port{p.Name, copies[p.Value]})
	}
	return m.addTotal(src, copies)
}

func (m *Module) copyNode(n *ir.Node, in []ir.Value, copies map[ir.Value]ir.Value) error {
	if _, ok := n.Op.(ir.Modal); ok {
		v, err := ir.Specialise(m.graph, n, in, m.Training, uint64(n.ID), m.group)
		if err != nil {
			return fmt.Errorf("%s: %w", where(n), err)
		}
		copies[ir.Value{Node: n}] = v
		return nil
	}
	c := *n
	c.In, c.Graph, c.ID = in, m.graph, len(m.graph.Nodes)
	m.graph.Nodes = append(m.graph.Nodes, &c)
	for i := range n.Out {
		copies[ir.Value{Node: n, Index: i}] = ir.Value{Node: &c, Index: i}
	}
	return nil
}

func (m *Module) addTotal(src Source, copies map[ir.Value]ir.Value) error {
	if len(src.Losses) == 0 {
		return nil
	}
	var in []ir.Value
	var sum op.WeightedSum
	for _, l := range src.Losses {
		v := copies[l.Value]
		m.losses = append(m.losses, Loss{Port{l.Name, v}, l.Weight})
		m.outputs = append(m.outputs, Port{l.Name, v})
		in, sum.Weights = append(in, v), append(sum.Weights, l.Weight)
	}
	total, err := m.graph.Add(&ir.Node{Name: src.Total}, sum, in)
	if err != nil {
		return err
	}
	m.outputs = append(m.outputs, Port{src.Total, ir.Value{Node: total}})
	return nil
}
