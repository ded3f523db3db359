package compile

import (
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// uniform are the states in which every node works in one layout as far as it can, and
// tensors are reordered where they have to be.
func (l *layoutModel) uniform(layout ops.Layout) []int {
	states, read := make([]int, len(l.net.states)), map[ir.Value]layoutSet{}
	for n, c := range l.nodes {
		best, least := 0, math.MaxInt
		for o, a := range c.options {
			if more := outside(arranged(n.Types(), a.In), layout) + outside(arranged(n.Out, a.Out), layout); more < least {
				best, least = o, more
			}
		}
		states[c.variable] = best
		for i, v := range n.In {
			read[v] |= setOf(c.options[best].In[i])
		}
	}
	for _, v := range l.results() {
		read[v] |= setOf(ops.NCX)
	}
	for v, t := range l.tensors {
		producer := l.nodes[v.Node]
		home := producer.options[states[producer.variable]].Out[v.Index]
		states[t.variable] = slices.Index(t.states, lying{home, read[v] &^ setOf(home)})
	}
	return states
}

// outside is the number of tensors that could lie in a layout and do not.
func outside(types []ir.Type, layout ops.Layout) int {
	n := 0
	for _, t := range types {
		if t.Blockable() && t.Layout != layout {
			n++
		}
	}
	return n
}
