package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// LRN is local response normalisation over two or three axes: see [ops.LRNDesc].
type LRN struct {
	Within         bool // in windows of a channel's positions, not across channels
	Rank           int  // 2 or 3
	Size           int
	Alpha, Beta, K float32
}

// Kind implements ir.Op.
func (LRN) Kind() string { return "LRN" }

// Detail describes the operation in summaries.
func (n LRN) Detail() string {
	where := "across channels"
	if n.Within {
		where = "within channels"
	}
	return fmt.Sprintf("size %d %s alpha %g beta %g k %g", n.Size, where, n.Alpha, n.Beta, n.K)
}

// Infer implements ir.Op.
func (n LRN) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 1); err != nil {
		return nil, err
	}
	if _, err := n.desc(in[0], 1); err != nil {
		return nil, err
	}
	return in[:1:1], nil
}

// Lower implements ir.Op.
func (n LRN) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, err := n.desc(unlaid(l.In[0])[0], l.Batch)
	if err != nil {
		return nil, err
	}
	d.Layout = l.In[0].Layout
	return ops.NewLRN(d)
}

// Gradient implements ir.Differentiable.
func (n LRN) Gradient(g *ir.Gradient) {
	if g.Needs(0) {
		g.Set(0, g.Emit(lrnBackward{n}, g.DOut(), g.In(0)))
	}
}

func (n LRN) desc(src ir.Type, batch int) (d ops.LRNDesc, err error) {
	channels, size, err := grid(src, n.Rank)
	if err != nil {
		return d, err
	}
	d = ops.LRNDesc{N: batch, C: channels, In: size, Size: n.Size, Alpha: n.Alpha, Beta: n.Beta, K: n.K}
	if n.Within {
		d.Kind, d.Volume = ops.WithinChannel, n.Rank == 3
	}
	return d, n.check()
}

// check looks at the settings that have no tensor to fit to.
func (n LRN) check() error {
	switch {
	case n.Size < 1:
		return shapeError("size %d: it must be at least 1", n.Size)
	case !(n.Alpha >= 0) || !finite(n.Alpha):
		return shapeError("alpha %g: it must be finite and not negative", n.Alpha)
	case !finite(n.Beta):
		return shapeError("beta %g: it must be finite", n.Beta)
	case !(n.K > 0) || !finite(n.K):
		return shapeError("k %g: it must be positive and finite", n.K)
	}
	return nil
}

// lrnBackward has the inputs diffDst and src.
type lrnBackward struct{ of LRN }

// Kind implements ir.Op.
func (lrnBackward) Kind() string { return "LRNBackward" }

// Infer implements ir.Op.
func (lrnBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	if err := samples(in, 2); err != nil {
		return nil, err
	}
	return elementwise(in, 2)
}

// Lower implements ir.Op.
func (b lrnBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, err := b.of.desc(unlaid(l.In[1])[0], l.Batch)
	if err != nil {
		return nil, err
	}
	d.Layout = l.In[1].Layout
	return ops.NewLRNBackward(d)
}
