package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Reorder brings a tensor into another layout. The compiler puts it between
// operations that disagree.
type Reorder struct{ To ops.Layout }

// Kind implements ir.Op.
func (Reorder) Kind() string { return "Reorder" }

// Detail describes the operation in summaries.
func (r Reorder) Detail() string { return "to " + r.To.String() }

// Infer implements ir.Op.
func (r Reorder) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := arity(in, 1); err != nil {
		return nil, err
	}
	if r.To > ops.NCX16n {
		return nil, unsupported("%s", r.To)
	}
	out := in[0]
	out.Layout = r.To
	return []ir.Type{out}, nil
}

// Lower implements ir.Op.
func (r Reorder) Lower(l *ir.Lowering) (ops.Primitive, error) {
	return ops.NewReorder(l.InShape(0), l.In[0].Layout, r.To)
}

// Gradient implements ir.Differentiable.
func (r Reorder) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(Reorder{g.In(0).Type().Layout}, g.DOut()))
	}
}

// Copy stores a value in memory of its own. The compiler uses it for values that
// outlive a run.
type Copy struct{}

// Kind implements ir.Op.
func (Copy) Kind() string { return "Copy" }

// Infer implements ir.Op.
func (Copy) Infer(in []ir.Type) ([]ir.Type, error) { return elementwise(in, 1) }

// Lower implements ir.Op.
func (Copy) Lower(l *ir.Lowering) (ops.Primitive, error) { return ops.NewCopy(l.OutLen(0)) }
