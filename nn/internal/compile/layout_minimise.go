package compile

import (
	"math"
	"slices"
)

// solution is an assignment of states to the variables of a network.
type solution struct {
	states []int
	exact  bool // no assignment costs less
	// regret is, for every state of every variable, what the best assignment with that
	// state costs more.
	regret [][]float64
}

// minimise returns states of least cost.
//
// One variable after the other is eliminated: its terms are replaced by one that says
// what its best state costs for every combination of its neighbours' states. This is
// dynamic programming on graphs that are no chains (Bertelè and Brioschi, Nonserial
// Dynamic Programming, 1972). It is exact for any number of states, and quick where
// the graph is long and narrow, as a training step is. Where more than limit
// combinations would have to be compared, variables with the most neighbours stay as
// they are in start, and the result is the best of those with that.
func (n *network) minimise(start []int, limit int) solution {
	order, fixed := n.order(limit)
	part := n
	for _, v := range fixed {
		part = part.restricted(v, start[v])
	}
	e := part.eliminateAll(order)
	s := solution{e.best(), len(fixed) == 0, e.regret()}
	for _, v := range fixed {
		s.states[v] = start[v]
		s.regret[v] = slices.Repeat([]float64{math.Inf(1)}, n.states[v])
		s.regret[v][start[v]] = 0
	}
	return s
}

// order is that in which variables are eliminated, the one with the smallest table
// first. fixed are those that must have one state, for no table to exceed the limit.
func (n *network) order(limit int) (order, fixed []int) {
	near, left := n.neighbours(), &network{states: slices.Clone(n.states)}
	size := make([]int, len(near)) // of the table; 0 when the variable is gone
	for v := range near {
		size[v] = left.size(near[v], limit)
	}
	for len(order) < len(near) {
		v := smallest(size)
		if size[v] > limit {
			wide := left.busiest(near, size)
			fixed, left.states[wide] = append(fixed, wide), 1
			for _, w := range near[wide] {
				size[w] = left.size(near[w], limit)
			}
			continue
		}
		order = append(order, v)
		size[v] = 0
		for _, w := range near[v] {
			if w != v {
				near[w] = union(near[w], near[v])
				near[w] = slices.DeleteFunc(near[w], func(x int) bool { return x == v })
				size[w] = left.size(near[w], limit)
			}
		}
	}
	return order, fixed
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
