package nn

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// Rectified is a layer that a program trains and whose results go through a ReLU into
// a later layer that it trains. A unit of it, a channel or a feature, that the ReLU makes 0
// everywhere has a gradient of exactly 0.
type Rectified struct {
	Net   *Net   // that owns it
	Layer string // "res3a/batch_norm_2"
	Units int
	// Gradient is that of the layer's offset, or of its weights if it has none: as many
	// elements for each unit, unit after unit. It is the net's own memory.
	Gradient []float32
}

// Rectified lists such layers, the first ones first. Nothing is between their
// parameters and the ReLU but sums, pooling, dropout and scaling. What no loss depends
// on, and a deconvolution without bias, whose weights are not in order of units, are left out.
func (p *Program) Rectified() []Rectified {
	var list []Rectified
	lossy, users, known := p.lossy(), p.users(), map[*ir.Variable]bool{}
	for _, n := range p.net.graph.Nodes {
		a, ok := n.Op.(op.Activation)
		if !ok || a.Fn.Kind != ops.ReLU || !lossy[n] || !p.feeds(n, users) {
			continue
		}
		for _, of := range p.rectifiedBy(n.In[0].Node, nil) {
			if v := p.unitwise(of); v != nil && !known[v] {
				known[v] = true
				list = append(list, Rectified{Net: p.owner(v), Layer: v.Node.Name, Units: v.Shape[0], Gradient: v.Grad})
			}
		}
	}
	return list
}

// rectifiedBy appends the layers whose results come out of n.
func (p *Program) rectifiedBy(n *ir.Node, list []*ir.Node) []*ir.Node {
	if len(p.trainedOf(n)) > 0 {
		return append(list, n)
	}
	switch n.Op.(type) {
	case op.Add, op.Pool, op.Dropout, op.Scale:
		for _, v := range n.In {
			list = p.rectifiedBy(v.Node, list)
		}
	}
	return list
}

// unitwise is the variable of a layer that begins with an axis of units: beta, the bias,
// or weights that have none. It is nil if there is none.
func (p *Program) unitwise(n *ir.Node) *ir.Variable {
	variables := p.trainedOf(n)
	switch n.Op.(type) {
	case op.BatchNorm, op.Dense, op.Conv:
	case op.Deconv:
		if len(variables) == 1 {
			return nil
		}
	default:
		return nil
	}
	return variables[len(variables)-1]
}

// owner is the trained net that a variable belongs to.
func (p *Program) owner(v *ir.Variable) *Net {
	for _, n := range p.trains {
		for _, own := range n.variables {
			if own == v {
				return n
			}
		}
	}
	return nil
}

// lossy is the set of nodes that the weighted sum of the losses depends on.
func (p *Program) lossy() map[*ir.Node]bool {
	set := map[*ir.Node]bool{}
	for _, l := range p.net.losses {
		set[l.value.Node] = set[l.value.Node] || l.weight != 0
	}
	nodes := p.net.graph.Nodes
	for i := range nodes {
		n := nodes[len(nodes)-1-i]
		if !set[n] {
			continue
		}
		for _, v := range n.In {
			set[v.Node] = true
		}
	}
	return set
}

// users are the nodes that take a node's results.
func (p *Program) users() map[*ir.Node][]*ir.Node {
	users := map[*ir.Node][]*ir.Node{}
	for _, n := range p.net.graph.Nodes {
		for _, v := range n.In {
			users[v.Node] = append(users[v.Node], n)
		}
	}
	return users
}

// feeds says that a layer which the program trains lies behind n. A ReLU at the end of
// a net says what its outputs may be, and is right to make some of them always 0.
func (p *Program) feeds(n *ir.Node, users map[*ir.Node][]*ir.Node) bool {
	seen := map[*ir.Node]bool{}
	var walk func(n *ir.Node) bool
	walk = func(n *ir.Node) bool {
		for _, u := range users[n] {
			if seen[u] {
				continue
			}
			seen[u] = true
			if len(p.trainedOf(u)) > 0 || walk(u) {
				return true
			}
		}
		return false
	}
	return walk(n)
}
