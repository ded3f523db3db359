package compile

import (
	"fmt"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// layoutModel states what a choice of layouts costs. It has a variable for every node,
// whose states are the arrangements that it can work in, and one for every tensor that
// can be blocked, whose states are where it lies. A reorder counts once, however many
// read its result.
type layoutModel struct {
	*Module
	costs   costModel
	net     network
	nodes   map[*ir.Node]*nodeChoice
	tensors map[ir.Value]*tensorChoice
	alone   [layoutCount]float64 // what each layout costs wherever it is possible
}

// nodeChoice are the arrangements in which a node has a primitive, and their costs.
type nodeChoice struct {
	variable int
	options  []ir.Arrangement
	cost     []float64
}

// tensorChoice are the states of a tensor, and what reorders they take.
type tensorChoice struct {
	variable int
	states   []lying
	cost     []float64
}

// lying is the layout in which an operation writes a tensor, and those into which it
// is reordered besides.
type lying struct {
	home   ops.Layout
	copies layoutSet
}

// in says that the tensor is there in a layout.
func (s lying) in(l ops.Layout) bool { return s.home == l || s.copies.has(l) }

// layoutSet has bit l for layout l.
type layoutSet uint8

const (
	layoutCount = ops.NCX16n + 1
	allLayouts  = layoutSet(1<<layoutCount - 1)
)

func (s layoutSet) has(l ops.Layout) bool { return s>>l&1 == 1 }

func setOf(l ops.Layout) layoutSet { return 1 << l }

func newLayoutModel(m *Module) (*layoutModel, error) {
	c, err := newCostModel(m.Batch)
	if err != nil {
		return nil, err
	}
	l := &layoutModel{Module: m, costs: c, nodes: map[*ir.Node]*nodeChoice{}, tensors: map[ir.Value]*tensorChoice{}}
	for _, n := range m.graph.Nodes {
		if err := l.addNode(n); err != nil {
			return nil, fmt.Errorf("%s: %w", where(n), err)
		}
	}
	wanted := l.wanted()
	for _, n := range m.graph.Nodes {
		for i, t := range n.Out {
			v := ir.Value{Node: n, Index: i}
			if !t.Blockable() {
				continue
			}
			if err := l.addTensor(v, wanted[v]); err != nil {
				return nil, fmt.Errorf("%s: %w", where(n), err)
			}
		}
	}
	for _, n := range m.graph.Nodes {
		l.connect(n)
	}
	l.connectResults()
	return l, nil
}

// addNode finds the arrangements of a node.
func (l *layoutModel) addNode(n *ir.Node) error {
	c := &nodeChoice{}
	l.nodes[n] = c
	if laid, ok := n.Op.(ir.Laid); ok && slices.ContainsFunc(slices.Concat(n.Types(), n.Out), ir.Type.Blockable) {
		if err := l.addOptions(c, n, laid); err != nil {
			return err
		}
	} else {
		c.options = []ir.Arrangement{{In: make([]ops.Layout, len(n.In)), Out: make([]ops.Layout, len(n.Out))}}
		c.cost = []float64{0}
	}
	c.variable = l.net.variable(len(c.options))
	l.net.add(c.variable, c.cost)
	return nil
}

// addOptions keeps the arrangements for which there are primitives.
func (l *layoutModel) addOptions(c *nodeChoice, n *ir.Node, laid ir.Laid) error {
	var reason error
	for _, a := range laid.Layouts(n.Types(), n.Out) {
		if l.Batch%ops.Block != 0 && slices.Contains(slices.Concat(a.In, a.Out), ops.NCX16n) {
			continue // samples that are none would take part
		}
		cost, err := l.costs.node(n.Op, arranged(n.Types(), a.In), arranged(n.Out, a.Out))
		if err != nil {
			if reason == nil {
				reason = err
			}
			continue
		}
		c.options, c.cost = append(c.options, a), append(c.cost, cost)
	}
	if len(c.options) == 0 {
		return fmt.Errorf("no layout will do: %w", reason)
	}
	return nil
}

// arranged are the types in their layouts.
func arranged(types []ir.Type, in []ops.Layout) []ir.Type {
	list := make([]ir.Type, len(types))
	for i, t := range types {
		list[i] = t.In(in[i])
	}
	return list
}

// wanted are the layouts in which each value may be read.
func (l *layoutModel) wanted() map[ir.Value]layoutSet {
	wanted := map[ir.Value]layoutSet{}
	for n, c := range l.nodes {
		for _, a := range c.options {
			for i, v := range n.In {
				wanted[v] |= setOf(a.In[i])
			}
		}
	}
	for _, v := range l.results() {
		wanted[v] |= setOf(ops.NCX)
	}
	return wanted
}

// addTensor finds the states of a tensor.
func (l *layoutModel) addTensor(v ir.Value, wanted layoutSet) error {
	t := &tensorChoice{}
	l.tensors[v] = t
	var homes layoutSet
	for _, a := range l.nodes[v.Node].options {
		homes |= setOf(a.Out[v.Index])
	}
	for home := ops.NCX; home < layoutCount; home++ {
		for copies := layoutSet(0); homes.has(home) && copies <= allLayouts; copies++ {
			if copies&^wanted != 0 || copies.has(home) {
				continue
			}
			s := lying{home, copies}
			cost, err := l.copying(v.Type(), s)
			if err != nil {
				return err
			}
			t.states, t.cost = append(t.states, s), append(t.cost, cost)
		}
	}
	t.variable = l.net.variable(len(t.states))
	l.net.add(t.variable, t.cost)
	return nil
}

// copying is what the copies of a tensor cost.
func (l *layoutModel) copying(t ir.Type, s lying) (float64, error) {
	sum := 0.0
	for to := ops.NCX; to < layoutCount; to++ {
		if !s.copies.has(to) {
			continue
		}
		cost, err := l.costs.reorder(t, s.home, to)
		if err != nil {
			return 0, err
		}
		sum += cost
	}
	return sum, nil
}

// connect states what a node asks of its inputs and makes of its outputs.
func (l *layoutModel) connect(n *ir.Node) {
	c := l.nodes[n]
	for i, v := range n.In {
		if t := l.tensors[v]; t != nil {
			l.net.allow(c.variable, t.variable, func(o, s int) bool { return t.states[s].in(c.options[o].In[i]) })
		}
	}
	for i := range n.Out {
		if t := l.tensors[ir.Value{Node: n, Index: i}]; t != nil {
			l.net.allow(c.variable, t.variable, func(o, s int) bool { return t.states[s].home == c.options[o].Out[i] })
		}
	}
}

// connectResults makes results plain, for users and for what is stored.
func (l *layoutModel) connectResults() {
	for _, v := range l.results() {
		t := l.tensors[v]
		if t == nil {
			continue
		}
		cost := make([]float64, len(t.states))
		for i, s := range t.states {
			if !s.in(ops.NCX) {
				cost[i] = math.Inf(1)
			}
		}
		l.net.add(t.variable, cost)
	}
}
