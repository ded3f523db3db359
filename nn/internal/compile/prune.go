package compile

// prune drops the operations on which no output and no effect depends, and puts the
// rest in order.
func prune(m *Module) error {
	live := m.live()
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
