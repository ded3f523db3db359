package compile

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
)

// chain makes elementwise operations follow, piece by piece, the operation whose
// result they alone read: a sum and the activation behind it, the gradients of dropout
// and activation, what comes behind batch normalisation. Each link more is a pass over
// memory less. A chain stands where its last link stood.
func chain(m *Module) error {
	live, reads, results := m.live(), m.reads(), map[ir.Value]bool{}
	for _, v := range m.results() {
		results[v] = true
	}
	for _, n := range m.graph.Nodes {
		for at, v := range n.In {
			if live[n] && reads[v] == 1 && v.Index == 0 && !results[v] && m.chainBehind(v.Node, n, at) {
				break
			}
		}
	}
	return nil
}

// chainBehind makes n, which reads the first output of the node before as its input
// number at, a chain of the two, if it can.
func (m *Module) chainBehind(before, n *ir.Node, at int) bool {
	c, in, ok := op.Behind(before, n, at)
	if !ok {
		return false
	}
	if len(before.Out) > 1 {
		seen := map[*ir.Node]bool{}
		for i, v := range n.In {
			if i != at && dependsOn(v.Node, before, seen) {
				return false // on another output of it: there is no order for the chain
			}
		}
	}
	m.notef("%s behind %s", where(n), where(before))
	n.Op, n.In, n.Name, n.Site = c, in, before.Name, before.Site
	n.Out = append(n.Out[:1:1], before.Out[1:]...)
	for i := 1; i < len(before.Out); i++ {
		m.replace(ir.Value{Node: before, Index: i}, ir.Value{Node: n, Index: i})
	}
	return true
}

// dependsOn says that a node is another one, or needs it to be computed. Those in seen
// do not.
func dependsOn(n, other *ir.Node, seen map[*ir.Node]bool) bool {
	if n == other {
		return true
	}
	if seen[n] {
		return false
	}
	seen[n] = true
	for _, v := range n.In {
		if dependsOn(v.Node, other, seen) {
			return true
		}
	}
	return false
}
