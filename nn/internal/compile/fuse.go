package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// fuse makes an activation part of the operation before it, where nothing else
// reads what lies between: the tensor passes through memory once less.
func fuse(m *Module) error {
	reads, kept := m.reads(), m.kept()
	for _, n := range m.graph.Nodes {
		activation, ok := n.Op.(op.Activation)
		if !ok {
			continue
		}
		before := n.In[0].Node
		fusable, ok := before.Op.(ir.Fusable)
		if !ok || n.In[0].Index != 0 || kept[before] || reads[n.In[0]] != 1 {
			continue
		}
		fused, ok := fusable.WithPost(activation.Fn)
		if !ok {
			continue
		}
		before.Op = fused
		m.replace(ir.Value{Node: n}, n.In[0])
		m.notef("%s into %s", where(n), where(before))
	}
	return nil
}
