package op

import (
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Deconv is a deconvolution (transposed convolution) over two or three axes: see
// [ops.DeconvDesc]. Its weights are C, Filters/Groups, [KD,] KH, KW. The padding of
// its window is cut off the output.
type Deconv struct {
	Filters, Groups int
	Window          Window
	Bias            bool
	Init            ir.Initialiser // of the weights; nil is GlorotUniform
	BiasInit        ir.Initialiser // nil is 0
	Post            ops.Activation // set by the compiler, after differentiation
	Packed          bool           // set by the compiler: see [ops.ConvDesc]
}

// Kind implements ir.Op.
func (Deconv) Kind() string { return "Deconv" }

// Detail describes the operation in summaries.
func (d Deconv) Detail() string { return filters(d.Filters, d.Groups, d.Bias, d.Window, d.Post) }

// Variables implements ir.Parametric. Fans are Keras's, which takes them from the
// weights as if they were a convolution's: what it calls fan-in are the
// connections of an input.
func (d Deconv) Variables(in []ir.Type) ([]ir.VariableSpec, error) {
	desc, err := d.desc(in)
	if err != nil {
		return nil, err
	}
	field := volume(desc.Kernel)
	w := ir.VariableSpec{
		Shape: append([]int{desc.IC, desc.OC / desc.Groups}, desc.Kernel[3-d.Window.Rank:]...),
		FanIn: desc.OC / desc.Groups * field, FanOut: desc.IC * field,
	}
	return variables(w, d.Init, d.BiasInit, d.Bias, desc.OC)
}

// Infer implements ir.Op.
func (d Deconv) Infer(in []ir.Type) ([]ir.Type, error) { return infer(d, in) }

// Lower implements ir.Op.
func (d Deconv) Lower(l *ir.Lowering) (ops.Primitive, error) { return lower(d, l) }

// Gradient implements ir.Differentiable.
func (d Deconv) Gradient(g *ir.Gradient) { differentiate(d, g) }

// MACs implements ir.Counted: taps inside the image only.
func (d Deconv) MACs(in, _ []ir.Type) int64 {
	desc, err := d.desc(in[:1])
	if err != nil {
		return 0
	}
	return desc.MACs()
}

func (d Deconv) result(src ir.Type) (ir.Type, error) {
	desc, err := d.desc([]ir.Type{src})
	if err != nil {
		return ir.Type{}, err
	}
	return ungrid(desc.OC, desc.Out, d.Window.Rank), nil
}

func (d Deconv) primitives(src ir.Type, n int, at places) (passes, error) {
	desc, err := d.desc([]ir.Type{src})
	desc.N, desc.SrcLayout, desc.DstLayout, desc.Packed = n, at.src, at.dst, d.Packed
	return on(desc, ops.NewDeconv, ops.NewDeconvBackwardData, ops.NewDeconvBackwardWeights), err
}

// desc is the descriptor for one sample.
func (d Deconv) desc(in []ir.Type) (desc ops.DeconvDesc, err error) {
	w := d.Window
	channels, size, err := receive(in, w)
	if err != nil {
		return desc, err
	}
	if err := grouped(channels, d.Filters, d.Groups); err != nil {
		return desc, err
	}
	if w.Same && w.OutPad != [3]int{} {
		return desc, unsupported("output padding %s: same padding decides it", w.list(w.OutPad))
	}
	lo, hi, extra := w.cut()
	out := w.spread(size, lo, hi, extra)
	for a := range out {
		switch {
		case extra[a] >= max(w.Stride[a], w.Dilation[a]):
			return desc, shapeError("output padding %s: each must be less than the stride %s or dilation %s",
				w.list(extra), w.list(w.Stride), w.list(w.Dilation))
		case out[a] < 1:
			return desc, shapeError("an output of %s: the padding leaves nothing of it", w.list(out))
		}
	}
	return ops.DeconvDesc{
		N: 1, IC: channels, OC: d.Filters, Groups: d.Groups, In: size, Out: out,
		Kernel: w.Kernel, Stride: w.Stride, Dilation: w.Dilation, PadLo: lo, PadHi: hi, OutPad: extra,
		Bias: d.Bias, Post: d.Post,
	}, nil
}
