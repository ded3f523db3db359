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
// combinations would have to be compared, the variable with the most neighbours stays
// as it is in start, and the result is the best of those with that.
func (n *network) minimise(start []int, limit int) solution {
	order, wide := n.order(limit)
	if wide >= 0 {
		s := n.restricted(wide, start[wide]).minimise(replaced(start, wide, 0), limit)
		s.states[wide], s.exact = start[wide], false
		s.regret[wide] = slices.Repeat([]float64{math.Inf(1)}, n.states[wide])
		s.regret[wide][start[wide]] = 0
		return s
	}
	e := n.eliminateAll(order)
	return solution{e.best(), true, e.regret()}
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
