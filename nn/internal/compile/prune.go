package compile

import "github.com/cascade-hpc/cascade/nn/internal/ir"

// prune drops the operations on which no output and no effect depends, and puts every
// one of the rest behind those that it needs; otherwise their order stays as it is.
func prune(m *Module) error {
	live, nodes := m.live(), m.graph.Nodes
	m.graph.Nodes = nil
	placed := map[*ir.Node]bool{}
	var place func(n *ir.Node)
	place = func(n *ir.Node) {
		if placed[n] {
			return
		}
		placed[n] = true
		for _, v := range n.In {
			place(v.Node)
		}
		n.ID = len(m.graph.Nodes)
		m.graph.Nodes = append(m.graph.Nodes, n)
	}
	for _, n := range nodes {
		if live[n] {
			place(n)
		}
	}
	if dropped := len(nodes) - len(m.graph.Nodes); dropped > 0 {
		m.notef("%d operations that nothing needs are dropped", dropped)
	}
	return nil
}
