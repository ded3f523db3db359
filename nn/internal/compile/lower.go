package compile

import (
	"fmt"
	"strings"
	"time"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// step is one primitive of a program with the memory it works on.
type step struct {
	node    *ir.Node
	prim    ops.Primitive
	info    ops.Info
	in, out [][]float32
}

// layer is the name of the user's operation for which the step is done. What is done to
// an input, which is none, has the input's name.
func (s *step) layer() string {
	if s.node.Name == "" {
		for _, v := range s.node.In {
			if l, ok := v.Leaf(); ok && l.Input != "" {
				return l.Input
			}
		}
	}
	return s.node.Name
}

// primitive is the operation and its kind of propagation.
func (s *step) primitive() string { return strings.TrimSpace(s.info.Kind + " " + s.info.Prop) }

// lower makes the primitive of every operation that computes something.
func lower(m *Module) error {
	var flops int64
	for _, n := range m.graph.Nodes {
		if _, alias := n.Op.(ir.Aliasing); alias || n.IsLeaf() {
			continue
		}
		l := ir.Lowering{Batch: m.Batch, Out: n.Out}
		for _, v := range n.In {
			l.In = append(l.In, v.Type())
		}
		start := time.Now()
		p, err := n.Op.Lower(&l)
		if err != nil {
			return fmt.Errorf("%s: %w", where(n), err)
		}
		s := &step{node: n, prim: p, info: p.Info()}
		m.log.step("create", s, time.Since(start))
		m.steps = append(m.steps, s)
		flops += s.info.FLOPs
	}
	m.notef("%d primitives, %.4g GFLOP a run", len(m.steps), float64(flops)/1e9)
	return nil
}
