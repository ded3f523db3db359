package compile

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// foldConstants computes, once and for all, what depends on constants alone: they are
// what the gradients of losses begin with, and with Fixed parameters too.
func foldConstants(m *Module) error {
	live := m.live()
	for _, n := range m.graph.Nodes {
		if !live[n] || !m.repeats(n) {
			continue
		}
		results, err := m.evaluate(n)
		if err != nil {
			return fmt.Errorf("%s: %w", where(n), err)
		}
		for i, data := range results {
			leaf := m.graph.Leaf(ir.Leaf{Type: n.Out[i], Const: data})
			m.replace(ir.Value{Node: n, Index: i}, leaf)
		}
		m.notef("%s of constants is one", where(n))
	}
	return nil
}

// repeats says that an operation gives the same in every run.
func (m *Module) repeats(n *ir.Node) bool {
	if _, alias := n.Op.(ir.Aliasing); alias || len(n.In) == 0 || op.Draws(n.Op) {
		return false
	}
	for _, v := range n.In {
		if !m.constant(v) {
			return false
		}
	}
	return true
}

// constant says that a value is a constant, or a parameter that does not change.
func (m *Module) constant(v ir.Value) bool {
	l, ok := v.Leaf()
	return ok && (l.Const != nil || m.Fixed && l.Variable != nil)
}

// constantData is the memory of such a value.
func constantData(v ir.Value) []float32 {
	l, _ := v.Leaf()
	if l.Variable != nil {
		return l.Variable.Data
	}
	return l.Const
}

// evaluate executes an operation on constants.
func (m *Module) evaluate(n *ir.Node) (out [][]float32, err error) {
	p, err := n.Op.Lower(&ir.Lowering{Batch: m.Batch, In: n.Types(), Out: n.Out})
	if err != nil {
		return nil, err
	}
	var in [][]float32
	for _, v := range n.In {
		in = append(in, constantData(v))
	}
	for _, t := range n.Out {
		out = append(out, ops.Alloc(t.Len(m.Batch)))
	}
	p.Exec(ops.NewExec(m.Pool, p), in, out)
	return out, nil
}
