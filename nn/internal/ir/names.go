package ir

import (
	"fmt"
	"strings"
)

// AssignNames gives every operation its path: the blocks around it, its kind in
// lower case and its number among its like there, unless the user pinned a name.
// Nodes of applied nets keep theirs. A pinned name that is taken is a mistake.
func (g *Graph) AssignNames() {
	count := map[string]int{}
	taken := map[string]*Node{}
	for _, n := range g.Nodes {
		if _, ok := n.Op.(Mistake); ok || n.IsLeaf() || n.Pinned || n.Copied {
			continue
		}
		key := n.Scope + snake(n.Op.Kind())
		count[key]++
		n.Name = fmt.Sprintf("%s_%d", key, count[key])
		taken[n.Name] = n
	}
	for _, n := range g.Nodes {
		if !n.Pinned || n.Copied {
			continue
		}
		if other := taken[n.Name]; other != nil {
			err := fmt.Errorf("the name %q is taken by %s at %s", n.Name, other.Op.Kind(), other.Site.Line())
			g.Errors = append(g.Errors, &OpError{Kind: n.Op.Kind(), Node: n, Err: err})
		}
		taken[n.Name] = n
	}
}

// Pin makes name the node's, within the blocks around it.
func (n *Node) Pin(name string) { n.Name, n.Pinned = n.Scope+name, true }

// snake writes BatchNorm as batch_norm and LeakyReLU as leaky_relu.
func snake(kind string) string {
	kind = strings.ReplaceAll(kind, "LU", "lu")
	var b strings.Builder
	upper := func(i int) bool { return kind[i] >= 'A' && kind[i] <= 'Z' }
	for i := range len(kind) {
		if upper(i) && i > 0 && !upper(i-1) {
			b.WriteByte('_')
		}
		b.WriteByte(kind[i])
	}
	return strings.ToLower(b.String())
}
