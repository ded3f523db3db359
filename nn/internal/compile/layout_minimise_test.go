package compile

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// randomNetwork is connected at random; start is possible in it.
func randomNetwork(r *philox.Stream) (n *network, start []int) {
	n = &network{}
	for range 1 + r.Intn(7) {
		v := n.variable(1 + r.Intn(4))
		start = append(start, r.Intn(n.states[v]))
	}
	for range r.Intn(12) {
		vars := r.Perm(len(start))[:1+r.Intn(min(3, len(start)))]
		t := n.table(vars)
		for i := range t.cost {
			t.cost[i] = float64(r.Intn(40))
			if r.Intn(4) == 0 {
				t.cost[i] = math.Inf(1)
			}
		}
		n.terms = append(n.terms, t)
		if math.IsInf(t.at(n, start), 1) {
			at := 0
			for _, v := range vars {
				at = at*n.states[v] + start[v]
			}
			t.cost[at] = 50
		}
	}
	return n, start
}

// leastOfAll tries all states.
func (n *network) leastOfAll() float64 {
	states, best := make([]int, len(n.states)), math.Inf(1)
	for {
		best = min(best, n.total(states))
		v := 0
		for ; v < len(states); v++ {
			if states[v]++; states[v] < n.states[v] {
				break
			}
			states[v] = 0
		}
		if v == len(states) {
			return best
		}
	}
}

// TestMinimise compares with trying everything, on networks with cycles, with terms of
// three variables and with combinations that cannot be, both the best and what any other
// state costs more.
func TestMinimise(t *testing.T) {
	r := philox.NewStream(3, 4)
	for i := range 2000 {
		n, start := randomNetwork(&r)
		got := n.minimise(start, 1<<20)
		assert.True(t, got.exact)
		assert.Equal(t, n.leastOfAll(), n.total(got.states), "network %d", i)
		assert.Equal(t, got, n.minimise(start, 1<<20))
		for v := range start {
			for s := range n.states[v] {
				assert.Equal(t, n.restricted(v, s).leastOfAll()-n.leastOfAll(), got.regret[v][s], "state %d of %d", s, v)
			}
		}
	}
}

// TestMinimiseWide: of variables that are all connected with each other, some stay as
// they were where the table of all is too large. The result is no worse than the start.
func TestMinimiseWide(t *testing.T) {
	n, r := &network{}, philox.NewStream(5, 6)
	var start []int
	for range 8 {
		start = append(start, r.Intn(3))
		for v, w := 0, n.variable(3); v < w; v++ {
			pair := n.table([]int{v, w})
			for i := range pair.cost {
				pair.cost[i] = float64(r.Intn(100))
			}
			n.terms = append(n.terms, pair)
		}
	}
	best := n.leastOfAll()
	last := n.total(start)
	for _, test := range []struct {
		name  string
		limit int
		exact bool
	}{
		{"one variable at a time", 3, false}, {"four at a time", 81, false}, {"all", 6561, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := n.minimise(start, test.limit)
			assert.Equal(t, test.exact, got.exact)
			assert.Equal(t, test.exact, n.total(got.states) == best)
			assert.LessOrEqual(t, n.total(got.states), last)
			last = n.total(got.states)
		})
	}
}

// TestRestricted: a restricted network costs what the whole one does with that state.
func TestRestricted(t *testing.T) {
	r := philox.NewStream(7, 8)
	for range 200 {
		n, states := randomNetwork(&r)
		v := r.Intn(len(states))
		part := n.restricted(v, states[v])
		assert.Equal(t, n.total(states), part.total(slices.Replace(slices.Clone(states), v, v+1, 0)))
	}
}
