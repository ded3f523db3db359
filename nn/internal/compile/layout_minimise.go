package compile

import "slices"

// minimise returns states of least cost and whether they are sure to be.
//
// One variable after the other is eliminated: its terms are replaced by one that says
// what its best state costs for every combination of its neighbours' states. This is
// dynamic programming on graphs that are no chains (Bertelè and Brioschi, Nonserial
// Dynamic Programming, 1972). It is exact for any number of states, and quick where
// the graph is long and narrow, as a training step is. Where more than limit
// combinations would have to be compared, the variable with the most neighbours stays
// as it is in start, and the result is the best of those with that.
func (n *network) minimise(start []int, limit int) (states []int, exact bool) {
	order, wide := n.order(limit)
	if wide >= 0 {
		states, _ = n.restricted(wide, start[wide]).minimise(replaced(start, wide, 0), limit)
		return replaced(states, wide, start[wide]), false
	}
	states = make([]int, len(n.states))
	terms := make([][]*term, len(n.states)) // left, by variable
	keep := func(t *term) {
		for _, v := range t.vars {
			terms[v] = append(terms[v], t)
		}
	}
	for _, t := range n.terms {
		keep(t)
	}
	for _, v := range order {
		best := n.eliminate(v, terms[v])
		for _, w := range best.vars {
			terms[w] = slices.DeleteFunc(terms[w], func(t *term) bool { return slices.Contains(t.vars, v) })
		}
		keep(best)
	}
	for _, v := range slices.Backward(order) {
		states[v] = n.bestState(v, terms[v], states)
	}
	return states, true
}

func replaced(list []int, i, by int) []int {
	list = slices.Clone(list)
	list[i] = by
	return list
}

// order is that in which variables are eliminated, the one with the smallest table
// first. wide is -1, or a variable that makes a table larger than the limit.
func (n *network) order(limit int) (order []int, wide int) {
	near := n.neighbours()
	size := make([]int, len(near)) // of the table; 0 when the variable is gone
	for v := range near {
		size[v] = n.size(near[v], limit)
	}
	for range near {
		v := smallest(size)
		if size[v] > limit {
			return nil, n.busiest(near, size)
		}
		order = append(order, v)
		size[v] = 0
		for _, w := range near[v] {
			if w != v {
				near[w] = union(near[w], near[v])
				near[w] = slices.DeleteFunc(near[w], func(x int) bool { return x == v })
				size[w] = n.size(near[w], limit)
			}
		}
	}
	return order, -1
}

// neighbours are, for each variable, those with which it has a term, and itself.
func (n *network) neighbours() [][]int {
	near := make([][]int, len(n.states))
	for v := range near {
		near[v] = []int{v}
	}
	for _, t := range n.terms {
		for _, v := range t.vars {
			near[v] = union(near[v], t.vars)
		}
	}
	return near
}

func union(a, b []int) []int {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// size is the number of combinations of states; just above the limit stands for more.
func (n *network) size(vars []int, limit int) int {
	size := 1
	for _, v := range vars {
		size = min(size*n.states[v], limit+1)
	}
	return size
}

func smallest(size []int) int {
	best := -1
	for v, s := range size {
		if s > 0 && (best < 0 || s < size[best]) {
			best = v
		}
	}
	return best
}

// busiest is the variable with the most neighbours among those that are left and have
// a choice.
func (n *network) busiest(near [][]int, size []int) int {
	best := -1
	for v, s := range size {
		if s > 0 && n.states[v] > 1 && (best < 0 || len(near[v]) > len(near[best])) {
			best = v
		}
	}
	return best
}

// eliminate is the least sum of a variable's terms, for all states of the others.
func (n *network) eliminate(v int, terms []*term) *term {
	var others []int
	for _, t := range terms {
		others = union(others, t.vars)
	}
	others = slices.DeleteFunc(others, func(w int) bool { return w == v })
	sum := n.table(append(slices.Clone(others), v))
	for _, t := range terms {
		n.accumulate(sum, t)
	}
	best := n.table(others)
	for i := range best.cost {
		best.cost[i] = slices.Min(sum.cost[i*n.states[v] : (i+1)*n.states[v]])
	}
	return best
}

// accumulate adds a term to one that has all of its variables.
func (n *network) accumulate(sum, t *term) {
	stride := make([]int, len(sum.vars)) // in t, of each variable of the sum
	step := 1
	for i := len(t.vars) - 1; i >= 0; i-- {
		stride[slices.Index(sum.vars, t.vars[i])] = step
		step *= n.states[t.vars[i]]
	}
	digits := make([]int, len(sum.vars)) // the combination of states
	at := 0
	for i := range sum.cost {
		sum.cost[i] += t.cost[at]
		for d := len(digits) - 1; d >= 0; d-- {
			digits[d]++
			at += stride[d]
			if digits[d] < n.states[sum.vars[d]] {
				break
			}
			at -= digits[d] * stride[d]
			digits[d] = 0
		}
	}
}

// bestState is the first state of least cost, given those of the others.
func (n *network) bestState(v int, terms []*term, states []int) int {
	best, least := 0, 0.0
	for s := range n.states[v] {
		states[v] = s
		cost := 0.0
		for _, t := range terms {
			cost += t.at(n, states)
		}
		if s == 0 || cost < least {
			best, least = s, cost
		}
	}
	return best
}
