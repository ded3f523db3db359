package compile

import "github.com/cascade-hpc/cascade/nn/internal/op"

// fold makes zero padding part of the convolution behind it: the padded tensor and
// its gradient are never in memory.
func fold(m *Module) error {
	for _, n := range m.graph.Nodes {
		conv, ok := n.Op.(op.Conv)
		if !ok || conv.Window.Same {
			continue // Same counts on the size of the padded input
		}
		pad, ok := n.In[0].Node.Op.(op.Pad)
		if !ok {
			continue
		}
		for a := range pad.Lo {
			conv.Window.PadLo[a] += pad.Lo[a]
			conv.Window.PadHi[a] += pad.Hi[a]
		}
		m.notef("%s into %s", where(n.In[0].Node), where(n))
		n.Op = conv
		n.In[0] = n.In[0].Node.In[0]
	}
	return nil
}
