package compile

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// blocked is the identity on tensors in a layout of its choice.
type blocked struct{ layout ops.Layout }

func (blocked) Kind() string                          { return "Blocked" }
func (blocked) Infer(in []ir.Type) ([]ir.Type, error) { return in[:1:1], nil }
func (b blocked) Layouts([]ir.Type, []ir.Type) []ir.Arrangement {
	return []ir.Arrangement{{In: []ops.Layout{b.layout}, Out: []ops.Layout{b.layout}}}
}

func (blocked) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewCopy(l.OutLen(0)) }

// TestLayouts puts operations of different layouts behind each other: what comes out
// is what went in, and a tensor that two want in the same layout is reordered once.
func TestLayouts(t *testing.T) {
	g := &ir.Graph{Name: "layouts"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(5, 3, 2), Input: "x"})
	a := g.Emit(blocked{ops.NCX16c}, x)
	b := g.Emit(blocked{ops.NCX16c}, a)
	c := g.Emit(blocked{ops.NCX16n}, b)
	d := g.Emit(blocked{ops.NCX16c}, x)
	src := Source{Graph: g, Inputs: []Port{{"x", x}}, Outputs: []Port{{"c", c}, {"d", d}}}
	pool := ops.NewPool(1)
	defer pool.Close()
	p, err := Compile(src, Options{Batch: 16, Pool: pool})
	require.NoError(t, err)

	in, err := p.Input("x")
	require.NoError(t, err)
	assert.Equal(t, []int{16, 5, 3, 2}, in.Shape)
	for i := range in.Data {
		in.Data[i] = float32(i + 1)
	}
	require.NoError(t, p.Run(0))
	for _, name := range []string{"c", "d"} {
		out, err := p.Output(name)
		require.NoError(t, err)
		assert.Equal(t, in.Data, out.Data, name)
	}
	// x to 16c, a and d share it; b to 16n; c and d to plain.
	assert.Contains(t, p.notes, note{"layout", "4 reorders, which move 0.0 MB"})
}

// choosy is an operation of several arrangements, whose primitives claim to take some
// cycles and compute nothing.
type choosy struct {
	options []ir.Arrangement
	cycles  []float64
}

func (choosy) Kind() string                              { return "Choosy" }
func (choosy) Infer(in []ir.Type) ([]ir.Type, error)     { return in[:1:1], nil }
func (c choosy) Layouts(_, _ []ir.Type) []ir.Arrangement { return c.options }
func (c choosy) Lower(l *ir.Lowering) (ops.Primitive, error) {
	for i, o := range c.options {
		if reflect.DeepEqual(arranged(unlaid(l.In), o.In), l.In) && l.Out[0].Layout == o.Out[0] {
			return idle(c.cycles[i]), nil
		}
	}
	return nil, errors.New("no such arrangement")
}

// idle is a primitive that claims to take some cycles.
type idle float64

func (i idle) Info() ops.Info                         { return ops.Info{Cycles: float64(i)} }
func (idle) Exec(*ops.Exec, [][]float32, [][]float32) {}

func unlaid(types []ir.Type) []ir.Type { return arranged(types, make([]ops.Layout, len(types))) }

// randomGraph has operations that read what is before them, inputs included, and one
// output.
func randomGraph(r *philox.Stream) Source {
	g := &ir.Graph{Name: "random"}
	values := []ir.Value{g.Leaf(ir.Leaf{Type: ir.Sample(16, 8, 8), Input: "x"})}
	for range 1 + r.Intn(6) {
		var c choosy
		in := make([]ir.Value, 1+r.Intn(3))
		for i := range in {
			in[i] = values[max(0, len(values)-1-r.Intn(3))]
		}
		for range 1 + r.Intn(3) {
			o := ir.Arrangement{Out: []ops.Layout{ops.Layout(r.Intn(3))}}
			for range in {
				o.In = append(o.In, ops.Layout(r.Intn(3)))
			}
			if !slices.ContainsFunc(c.options, func(p ir.Arrangement) bool { return reflect.DeepEqual(o, p) }) {
				c.options, c.cycles = append(c.options, o), append(c.cycles, 1+float64(r.Intn(30000)))
			}
		}
		values = append(values, g.Emit(c, in...))
	}
	return Source{Graph: g, Inputs: []Port{{"x", values[0]}}, Outputs: []Port{{"y", values[len(values)-1]}}}
}

// leastCycles tries every arrangement of every operation.
func leastCycles(t *testing.T, m *Module) float64 {
	costs, err := newCostModel(m.Batch)
	require.NoError(t, err)
	best := math.Inf(1)
	chosen := map[*ir.Node]ir.Arrangement{}
	var try func(i int, cost float64)
	try = func(i int, cost float64) {
		if i == len(m.graph.Nodes) {
			best = min(best, cost+reorderCycles(t, m, costs, chosen))
			return
		}
		n := m.graph.Nodes[i]
		c, ok := n.Op.(choosy)
		if !ok {
			chosen[n] = ir.Arrangement{Out: make([]ops.Layout, 1)}
			try(i+1, cost)
			return
		}
		for k, o := range c.options {
			chosen[n] = o
			try(i+1, cost+c.cycles[k]+stepCycles)
		}
	}
	try(0, 0)
	return best
}

// reorderCycles is the cost of bringing every value into all layouts that are wanted.
func reorderCycles(t *testing.T, m *Module, costs costModel, chosen map[*ir.Node]ir.Arrangement) float64 {
	wants := map[ir.Value]map[ops.Layout]bool{}
	want := func(v ir.Value, l ops.Layout) {
		if wants[v] == nil {
			wants[v] = map[ops.Layout]bool{}
		}
		wants[v][l] = true
	}
	for _, n := range m.graph.Nodes {
		for i, v := range n.In {
			want(v, chosen[n].In[i])
		}
	}
	for _, v := range m.results() {
		want(v, ops.NCX)
	}
	sum := 0.0
	for v, layouts := range wants {
		home := chosen[v.Node].Out[0]
		for l := range layouts {
			if l == home {
				continue
			}
			cost, err := costs.reorder(v.Type(), home, l)
			require.NoError(t, err)
			sum += cost
		}
	}
	return sum
}

// TestLayoutsAreOptimal compares what the primitives of random graphs take, reorders
// included, with the least of all that could be.
func TestLayoutsAreOptimal(t *testing.T) {
	t.Setenv(layoutVariable, "")
	r := philox.NewStream(11, 12)
	reorders := 0
	for range 150 {
		m := &Module{Options: Options{Batch: 16}}
		require.NoError(t, specialise(m, randomGraph(&r)))
		require.NoError(t, prune(m))
		want := leastCycles(t, m)
		checkUniform(t, m, want)
		require.NoError(t, layout(m))
		require.NoError(t, lower(m))
		got := 0.0
		for _, s := range m.steps {
			got += cycles(s.info)
			if s.info.Kind == "reorder" {
				reorders++
			}
		}
		assert.InDelta(t, want, got, 1e-6*want)
	}
	assert.Greater(t, reorders, 150)
}

// checkUniform: working in one layout as far as possible can be, and is a start from
// which a search with small tables goes no further away from the least.
func checkUniform(t *testing.T, m *Module, least float64) {
	l, err := newLayoutModel(m)
	require.NoError(t, err)
	for layout := ops.NCX; layout < layoutCount; layout++ {
		start := l.uniform(layout)
		total := l.net.total(start)
		require.False(t, math.IsInf(total, 1))
		found := l.net.minimise(start, 20)
		assert.LessOrEqual(t, l.net.total(found.states), total*(1+1e-9))
		assert.GreaterOrEqual(t, l.net.total(found.states), least*(1-1e-9))
	}
}

// TestExplainLayouts: Explain tells the next best layout of a tensor, and what the best
// program with it takes more.
func TestExplainLayouts(t *testing.T) {
	t.Setenv(layoutVariable, "")
	plain, blocked := []ops.Layout{ops.NCX}, []ops.Layout{ops.NCX16c}
	g := &ir.Graph{Name: "explained"}
	x := g.Leaf(ir.Leaf{Type: ir.Sample(16, 2, 2), Input: "x"})
	a := g.Emit(choosy{[]ir.Arrangement{{In: plain, Out: plain}, {In: plain, Out: blocked}}, []float64{4e6, 1e6}}, x)
	b := g.Emit(choosy{[]ir.Arrangement{{In: plain, Out: plain}, {In: blocked, Out: blocked}}, []float64{2e6, 1.5e6}}, a)
	src := Source{Graph: g, Inputs: []Port{{"x", x}}, Outputs: []Port{{"y", b}}}
	p, err := Compile(src, Options{Batch: 2, Pool: ops.Default()})
	require.NoError(t, err)
	var text strings.Builder
	require.NoError(t, p.Explain(&text))
	assert.Contains(t, text.String(), "operations: 0 in NCX, 1 in NCX16c, 0 in NCX16n, 1 from one to another\n")
	assert.Contains(t, text.String(), "estimated 2.52 million cycles of a core, the least; wherever it is possible, 6.02 with NCX, 2.52 with NCX16c, 6.02 with NCX16n\n")
	assert.Regexp(t, `16x2x2 NCX16c +NCX \+3\b`, text.String())
}
