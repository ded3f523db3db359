package compile

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// foldConstants computes, once and for all, what depends on constants alone: they are
// what the gradients of losses begin with.
func foldConstants(m *Module) error {
	live := m.live()
	for _, n := range m.graph.Nodes {
		if !live[n] || !constant(n) {
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

// constant says that an operation gives the same in every run.
func constant(n *ir.Node) bool {
	if _, alias := n.Op.(ir.Aliasing); alias || len(n.In) == 0 || op.Draws(n.Op) {
		return false
	}
	for _, v := range n.In {
		if l, ok := v.Leaf(); !ok || l.Const == nil {
			return false
		}
	}
	return true
}

// evaluate executes an operation on constants.
func (m *Module) evaluate(n *ir.Node) (out [][]float32, err error) {
	p, err := n.Op.Lower(&ir.Lowering{Batch: m.Batch, In: n.Types(), Out: n.Out})
	if err != nil {
		return nil, err
	}
	var in [][]float32
	for _, v := range n.In {
		l, _ := v.Leaf()
		in = append(in, l.Const)
	}
	for _, t := range n.Out {
		out = append(out, ops.Alloc(t.Len(m.Batch)))
	}
	p.Exec(ops.NewExec(m.Pool, p), in, out)
	return out, nil
}
