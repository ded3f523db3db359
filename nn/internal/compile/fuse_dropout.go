package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// fuseDropout lets the gradient of an activation look at the result of the dropout
// behind it, where that is as good as the activation's own: that need not outlive the
// dropout then, which can work in place, or in the pass that makes its source.
func fuseDropout(m *Module) error {
	dropouts := map[ir.Value][]*ir.Node{} // by what they read
	for _, n := range m.graph.Nodes {
		if len(n.In) == 1 {
			dropouts[n.In[0]] = append(dropouts[n.In[0]], n)
		}
	}
	for _, n := range m.graph.Nodes {
		dropout, ok := op.BeforeDropout(n)
		if !ok {
			continue
		}
		for _, d := range dropouts[n.In[1]] {
			if d.Op == dropout {
				m.notef("%s looks at the result of %s", where(n), where(d))
				n.In[1] = ir.Value{Node: d}
				break
			}
		}
	}
	return nil
}
