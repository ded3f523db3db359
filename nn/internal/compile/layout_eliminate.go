package compile

import (
	"math"
	"slices"
)

// elimination is what is known after the variables of a network were eliminated.
type elimination struct {
	*network
	order    []int     // of the variables
	terms    [][]*term // those that each variable had when its turn came
	messages []*term   // what stood for them afterwards, on the variables that were left
	children [][]int   // the variables whose messages are among a variable's terms
}

func (n *network) eliminateAll(order []int) *elimination {
	e := &elimination{
		network: n, order: order,
		terms: make([][]*term, len(order)), messages: make([]*term, len(order)), children: make([][]int, len(order)),
	}
	turn := make([]int, len(order))
	for i, v := range order {
		turn[v] = i
	}
	// first is the variable whose turn comes first: all of its terms must be there then.
	first := func(t *term) int {
		return slices.MinFunc(t.vars, func(v, w int) int { return turn[v] - turn[w] })
	}
	for _, t := range n.terms {
		v := first(t)
		e.terms[v] = append(e.terms[v], t)
	}
	for _, v := range order {
		sum := e.sum(v)
		e.messages[v] = n.least(sum, sum.vars[:len(sum.vars)-1])
		if len(e.messages[v].vars) > 0 {
			w := first(e.messages[v])
			e.terms[w] = append(e.terms[w], e.messages[v])
			e.children[w] = append(e.children[w], v)
		}
	}
	return e
}

// sum is the sum of a variable's terms; the variable is its last.
func (e *elimination) sum(v int) *term {
	var others []int
	for _, t := range e.terms[v] {
		others = union(others, t.vars)
	}
	others = slices.DeleteFunc(others, func(w int) bool { return w == v })
	sum := e.table(append(others, v))
	for _, t := range e.terms[v] {
		e.accumulate(sum, t)
	}
	return sum
}

// best goes back through the variables: each has the first state of least cost, given
// those of the later ones.
func (e *elimination) best() []int {
	states := make([]int, len(e.order))
	for _, v := range slices.Backward(e.order) {
		best, least := 0, math.Inf(1)
		for s := range e.states[v] {
			states[v] = s
			cost := 0.0
			for _, t := range e.terms[v] {
				cost += t.at(e.network, states)
			}
			if cost < least {
				best, least = s, cost
			}
		}
		states[v] = best
	}
	return states
}

// regret goes back through the variables with the costs of all the others: to what a
// variable's terms say it adds what the rest costs at the least, outside.
func (e *elimination) regret() [][]float64 {
	regret, outside := make([][]float64, len(e.order)), make([]*term, len(e.order))
	for _, v := range slices.Backward(e.order) {
		all := e.sum(v)
		if outside[v] != nil {
			e.accumulate(all, outside[v])
		}
		regret[v] = e.least(all, []int{v}).cost
		least := slices.Min(regret[v])
		for s := range regret[v] {
			regret[v][s] -= least
		}
		for _, child := range e.children[v] {
			rest := &term{all.vars, slices.Clone(all.cost)}
			e.accumulate(rest, negated(e.messages[child]))
			outside[child] = e.least(rest, e.messages[child].vars)
		}
	}
	return regret
}

// negated is a term that takes another out of a sum, where it is finite: a sum with
// something infinite stays so.
func negated(t *term) *term {
	n := &term{t.vars, make([]float64, len(t.cost))}
	for i, c := range t.cost {
		if !math.IsInf(c, 1) {
			n.cost[i] = -c
		}
	}
	return n
}

// least is the least of a term for all states of some of its variables.
func (n *network) least(t *term, vars []int) *term {
	l := n.table(vars)
	for i := range l.cost {
		l.cost[i] = math.Inf(1)
	}
	n.walk(t, l, func(i, at int) { l.cost[at] = min(l.cost[at], t.cost[i]) })
	return l
}

// accumulate adds a term to one that has all of its variables.
func (n *network) accumulate(sum, t *term) {
	n.walk(sum, t, func(i, at int) { sum.cost[i] += t.cost[at] })
}

// walk visits all combinations of states of a term: the i-th is number at of those of
// a part of its variables.
func (n *network) walk(whole, part *term, visit func(i, at int)) {
	stride := make([]int, len(whole.vars)) // in the part, of each variable
	step := 1
	for i := len(part.vars) - 1; i >= 0; i-- {
		stride[slices.Index(whole.vars, part.vars[i])] = step
		step *= n.states[part.vars[i]]
	}
	digits := make([]int, len(whole.vars)) // the combination
	at := 0
	for i := range whole.cost {
		visit(i, at)
		for d := len(digits) - 1; d >= 0; d-- {
			digits[d]++
			at += stride[d]
			if digits[d] < n.states[whole.vars[d]] {
				break
			}
			at -= digits[d] * stride[d]
			digits[d] = 0
		}
	}
}
