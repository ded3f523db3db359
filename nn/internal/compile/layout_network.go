package compile

import (
	"math"
	"slices"
)

// network is a sum of terms, each of which depends on the states of a few variables.
type network struct {
	states []int // how many each variable has
	terms  []*term
}

// term is a cost for every combination of the states of its variables; those of the
// last one are next to each other. Combinations that cannot be cost +Inf.
type term struct {
	vars []int
	cost []float64
}

// variable adds a variable and returns its number.
func (n *network) variable(states int) int {
	n.states = append(n.states, states)
	return len(n.states) - 1
}

// add adds a cost for each state of a variable.
func (n *network) add(v int, cost []float64) {
	n.terms = append(n.terms, &term{[]int{v}, cost})
}

// allow forbids all states of two variables but those that go together.
func (n *network) allow(v, w int, together func(sv, sw int) bool) {
	t := n.table([]int{v, w})
	for i := range t.cost {
		if !together(i/n.states[w], i%n.states[w]) {
			t.cost[i] = math.Inf(1)
		}
	}
	n.terms = append(n.terms, t)
}

// table is a term of zeros.
func (n *network) table(vars []int) *term {
	size := 1
	for _, v := range vars {
		size *= n.states[v]
	}
	return &term{vars, make([]float64, size)}
}

// total is the cost of an assignment of states.
func (n *network) total(states []int) float64 {
	sum := 0.0
	for _, t := range n.terms {
		sum += t.at(n, states)
	}
	return sum
}

func (t *term) at(n *network, states []int) float64 {
	i := 0
	for _, v := range t.vars {
		i = i*n.states[v] + states[v]
	}
	return t.cost[i]
}

// restricted is the network in which a variable has but one state.
func (n *network) restricted(v, state int) *network {
	r := &network{states: slices.Clone(n.states)}
	r.states[v] = 1
	for _, t := range n.terms {
		at := slices.Index(t.vars, v)
		if at < 0 {
			r.terms = append(r.terms, t)
			continue
		}
		inner := 1
		for _, w := range t.vars[at+1:] {
			inner *= n.states[w]
		}
		part := &term{vars: t.vars}
		for i := state * inner; i < len(t.cost); i += n.states[v] * inner {
			part.cost = append(part.cost, t.cost[i:i+inner]...)
		}
		r.terms = append(r.terms, part)
	}
	return r
}
