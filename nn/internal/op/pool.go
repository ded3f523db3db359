package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Pool is max or average pooling over two or three axes: see [ops.PoolingDesc].
type Pool struct {
	Mode     ops.PoolingKind
	Window   Window // its dilation is 1
	Ceil     bool   // round the number of windows up; see [ops.PoolSize]
	CountPad bool   // averages count the padding
}

// Kind implements ir.Op.
func (p Pool) Kind() string {
	if p.Mode == ops.MaxPooling {
		return "MaxPool"
	}
	return "AvgPool"
}

// Detail describes the operation in summaries.
func (p Pool) Detail() string {
	s := p.Window.detail(p.Window.Kernel)
	if p.Ceil {
		s += " ceil"
	}
	if p.CountPad {
		s += " counting padding"
	}
	return s
}

// Infer implements ir.Op.
func (p Pool) Infer(in []ir.Type) ([]ir.Type, error) {
	d, err := p.desc(in)
	if err != nil {
		return nil, err
	}
	return one(ungrid(d.C, d.Out, p.Window.Rank))
}

// Lower implements ir.Op.
func (p Pool) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, err := p.desc(unlaid(l.In...))
	if err != nil {
		return nil, err
	}
	d.N, d.Layout = l.Batch, l.In[0].Layout
	return ops.NewPooling(d)
}

// Gradient implements ir.Differentiable. That of an average does not look at src,
// whose memory is then free.
func (p Pool) Gradient(g *ir.Gradient) {
	if !g.Needs(0) {
		return
	}
	in := []ir.Value{g.DOut()}
	if p.Mode == ops.MaxPooling {
		in = append(in, g.In(0))
	}
	g.Set(0, g.Emit(poolBackward{p, g.In(0).Type()}, in...))
}

// desc is the descriptor for one sample.
func (p Pool) desc(in []ir.Type) (d ops.PoolingDesc, err error) {
	w := p.Window
	channels, size, err := receive(in, w)
	if err != nil {
		return d, err
	}
	if p.Mode > ops.AveragePooling {
		return d, unsupported("pooling of the kind %s", p.Mode)
	}
	if w.Dilation != [3]int{1, 1, 1} {
		return d, unsupported("dilation %s: windows of pooling are dense", w.list(w.Dilation))
	}
	if err := w.fits(size); err != nil {
		return d, err
	}
	lo, hi := w.padding(size)
	d = ops.PoolingDesc{
		Kind: p.Mode, N: 1, C: channels, In: size,
		Kernel: w.Kernel, Stride: w.Stride, PadLo: lo, PadHi: hi, CountPad: p.CountPad,
	}
	for a := range size {
		if lo[a] >= w.Kernel[a] || hi[a] >= w.Kernel[a] {
			return d, shapeError("padding %s before and %s after: each must be less than the kernel %s", w.list(lo), w.list(hi), w.list(w.Kernel))
		}
		d.Out[a] = ops.PoolSize(size[a], w.Kernel[a], w.Stride[a], lo[a], hi[a], p.Ceil)
	}
	return d, nil
}

// poolBackward has the input diffDst and, for the maximum, src.
type poolBackward struct {
	of  Pool
	src ir.Type
}

// Kind implements ir.Op.
func (b poolBackward) Kind() string { return b.of.Kind() + "Backward" }

// Infer implements ir.Op.
func (b poolBackward) Infer(in []ir.Type) ([]ir.Type, error) {
	dst, err := b.of.Infer([]ir.Type{b.src})
	if err != nil {
		return nil, err
	}
	operands := dst
	if b.of.Mode == ops.MaxPooling {
		operands = append(operands, b.src)
	}
	if err := arity(in, len(operands)); err != nil {
		return nil, err
	}
	for i, name := range []string{"diffDst", "src"}[:len(operands)] {
		if err := expect(name, in[i], operands[i]); err != nil {
			return nil, err
		}
	}
	return []ir.Type{b.src}, nil
}

// Lower implements ir.Op.
func (b poolBackward) Lower(l *ir.Lowering) (ops.Primitive, error) {
	d, err := b.of.desc([]ir.Type{b.src})
	if err != nil {
		return nil, err
	}
	d.N, d.Layout = l.Batch, l.In[0].Layout
	return ops.NewPoolingBackward(d)
}
