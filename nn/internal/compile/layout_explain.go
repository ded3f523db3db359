package compile

import (
	"fmt"
	"math"
	"strings"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// note tells how many operations work in which layout, what reorders there are, and
// what all of it costs by the model.
func (l *layoutModel) note(chosen solution) {
	var in [layoutCount]int
	mixed, reorders, bytes := 0, 0, 0
	for _, n := range l.graph.Nodes {
		if r, ok := n.Op.(op.Reorder); ok {
			reorders++
			t := n.In[0].Type()
			bytes += 4 * (t.Len(l.Batch) + t.In(r.To).Len(l.Batch))
			continue
		}
		if n.IsLeaf() {
			continue
		}
		switch at, same := layoutOf(n); {
		case same:
			in[at]++
		default:
			mixed++
		}
	}
	var parts []string
	for at, count := range in {
		parts = append(parts, fmt.Sprintf("%d in %s", count, ops.Layout(at)))
	}
	l.notef("operations: %s, %d from one to another", strings.Join(parts, ", "), mixed)
	l.notef("%d reorders, which move %.1f MB", reorders, float64(bytes)/1e6)
	if l.costs.forced {
		l.notef("%s prefers %s", layoutVariable, l.costs.prefer)
		return
	}
	most := "least"
	if !chosen.exact {
		most = "least found, though there may be less"
	}
	parts = nil
	for at, cost := range l.alone {
		parts = append(parts, fmt.Sprintf("%.3g with %s", cost/1e6, ops.Layout(at)))
	}
	l.notef("estimated %.3g million cycles of a core, the %s; wherever it is possible, %s",
		l.net.total(chosen.states)/1e6, most, strings.Join(parts, ", "))
}

// layoutOf is the layout of a node's tensors, or false where they have several.
func layoutOf(n *ir.Node) (at ops.Layout, same bool) {
	first := true
	for _, t := range append(n.Types(), n.Out...) {
		switch {
		case !t.Blockable():
		case first:
			at, first = t.Layout, false
		case t.Layout != at:
			return 0, false
		}
	}
	return at, true
}

// orElse is, for each node whose first output could lie in another layout, which is the
// next best, and how many million cycles more the best program with it takes.
func (l *layoutModel) orElse(chosen solution) map[*ir.Node]string {
	texts := map[*ir.Node]string{}
	for v, t := range l.tensors {
		home := t.states[chosen.states[t.variable]].home
		next, least := home, math.Inf(1)
		for s, state := range t.states {
			if more := chosen.regret[t.variable][s]; state.home != home && more < least {
				next, least = state.home, more
			}
		}
		if next != home && v.Index == 0 {
			texts[v.Node] = fmt.Sprintf("%s +%.2g", next, least/1e6)
		}
	}
	return texts
}
