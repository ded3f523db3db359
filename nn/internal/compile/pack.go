package compile

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/nn/internal/op"
	"github.com/cascade-hpc/cascade/ops"
)

// pack brings parameters that do not change any more into the order in which the
// kernels use them.
func pack(m *Module) error {
	if !m.Fixed {
		return nil
	}
	count, floats := 0, 0
	for _, n := range m.graph.Nodes {
		if len(n.In) < 2 || !m.constant(n.In[1]) {
			continue
		}
		p, ok := op.Packed(n.Op, &ir.Lowering{Batch: m.Batch, In: n.Types(), Out: n.Out})
		if !ok {
			continue
		}
		prim, err := p.Pack()
		if err != nil {
			return fmt.Errorf("%s: %w", where(n), err)
		}
		weights := ops.Alloc(p.Len)
		prim.Exec(ops.NewExec(m.Pool, prim), [][]float32{constantData(n.In[1])}, [][]float32{weights})
		n.Op = p.Op
		n.In[1] = m.graph.Leaf(ir.Leaf{Type: ir.Whole(p.Len), Const: weights})
		count, floats = count+1, floats+p.Len
	}
	if count > 0 {
		m.notef("weights of %d operations, %.1f MB", count, mb(floats))
	}
	return nil
}
