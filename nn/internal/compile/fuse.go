package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// fuse makes an activation part of the operation before it, where nothing else
// reads what lies between: the tensor passes through memory once less.
func fuse(m *Module) error {
	users, kept := m.users(), m.kept()
	for _, n := range m.graph.Nodes {
		activation, ok := n.Op.(op.Activation)
		if !ok {
			continue
		}
		before := n.In[0].Node
		fusable, ok := before.Op.(ir.Fusable)
		if !ok || n.In[0].Index != 0 || kept[before] || countReads(users[before], n.In[0]) != 1 {
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

// countReads is how often users read the value.
func countReads(users []*ir.Node, v ir.Value) int {
	reads := 0
	for i, n := range users {
		if i > 0 && users[i-1] == n {
			continue // users lists a node once for each of its inputs
		}
		for _, in := range n.In {
			if in == v {
				reads++
			}
		}
	}
	return reads
}
