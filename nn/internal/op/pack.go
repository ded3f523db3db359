package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Packing is an operation that reads its weights in the order in which its kernels use
// them, and what brings them there once and for all.
type Packing struct {
	Op   ir.Op
	Pack func() (ops.Primitive, error) // in: weights; out: Len floats
	Len  int
}

// Packed finds the packing of a convolution or deconvolution, which may lead a chain,
// for the layouts that it works in. It is false where kernels have no such order.
func Packed(o ir.Op, l *ir.Lowering) (p Packing, ok bool) {
	at := places{l.In[0].Layout, l.Out[0].Layout}
	switch o := o.(type) {
	case Conv:
		d, err := o.desc(unlaid(l.In[:1]...))
		d.SrcLayout, d.DstLayout = at.src, at.dst
		o.Packed = true
		pack := func() (ops.Primitive, error) { return ops.NewPackWeights(d, false) }
		return Packing{o, pack, d.PackedLen(false)}, err == nil && at.dst == ops.NCX16c
	case Deconv:
		d, err := o.desc(unlaid(l.In[:1]...))
		d.SrcLayout, d.DstLayout = at.src, at.dst
		o.Packed = true
		pack := func() (ops.Primitive, error) { return ops.NewPackDeconvWeights(d, false) }
		return Packing{o, pack, d.PackedLen(false)}, err == nil && at.dst == ops.NCX16c
	case Chain:
		p, ok = Packed(o.links[0].op, l)
		if ok {
			links := append([]link{{p.Op, o.links[0].inputs}}, o.links[1:]...)
			p.Op = Chain{links}
		}
		return p, ok
	}
	return p, false
}
