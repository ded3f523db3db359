package compile

import "github.com/cascade-hpc/cascade/nn/internal/ir"

// prune drops the operations on which no output and no effect depends, and puts the
// rest in order.
func prune(m *Module) error {
	live := map[*ir.Node]bool{}
	var mark func(n *ir.Node)
	mark = func(n *ir.Node) {
		if live[n] {
			return
		}
		live[n] = true
		for _, v := range n.In {
			mark(v.Node)
		}
	}
	for n := range m.kept() {
		mark(n)
	}
	for _, p := range m.inputs {
		live[p.Value.Node] = true // the user may still fill it
	}
	before := len(m.graph.Nodes)
	kept := m.graph.Nodes[:0:0]
	for _, n := range m.graph.Nodes {
		if live[n] {
			n.ID = len(kept)
			kept = append(kept, n)
		}
	}
	m.graph.Nodes = kept
	if dropped := before - len(kept); dropped > 0 {
		m.notef("%d operations that nothing needs are dropped", dropped)
	}
	return nil
}
