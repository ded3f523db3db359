package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Conv is a convolution over two or three axes: see [ops.ConvDesc]. Its weights are
// Filters, C/Groups, [KD,] KH, KW.
type Conv struct {
	Filters, Groups int
	Window          Window
	Bias            bool
	Init            ir.Initialiser // of the weights; nil is GlorotUniform
	BiasInit        ir.Initialiser // nil is 0
	Post            ops.Activation // set by the compiler, after differentiation
	Packed          bool           // set by the compiler: see [ops.ConvDesc]
}

// Kind implements ir.Op.
func (Conv) Kind() string { return "Conv" }

// Detail describes the operation in summaries.
func (c Conv) Detail() string { return filters(c.Filters, c.Groups, c.Bias, c.Window, c.Post) }

// Variables implements ir.Parametric. Fans are Keras's: the connections of an
// output and, over all filters, of an input.
func (c Conv) Variables(in []ir.Type) ([]ir.VariableSpec, error) {
	d, err := c.desc(in)
	if err != nil {
		return nil, err
	}
	field := volume(d.Kernel)
	w := ir.VariableSpec{
		Shape: append([]int{d.OC, d.IC / d.Groups}, d.Kernel[3-c.Window.Rank:]...),
		FanIn: d.IC / d.Groups * field, FanOut: d.OC * field,
	}
	return variables(w, c.Init, c.BiasInit, c.Bias, d.OC)
}

// Infer implements ir.Op.
func (c Conv) Infer(in []ir.Type) ([]ir.Type, error) { return infer(c, in) }

// Lower implements ir.Op.
func (c Conv) Lower(l *ir.Lowering) (ops.Primitive, error) { return lower(c, l) }

// Gradient implements ir.Differentiable.
func (c Conv) Gradient(g *ir.Gradient) { differentiate(c, g) }

// MACs implements ir.Counted: taps inside the image only.
func (c Conv) MACs(in, _ []ir.Type) int64 {
	d, err := c.desc(in[:1])
	if err != nil {
		return 0
	}
	return d.MACs()
}

// Pointwise says that every position of the output sees that position of the input alone.
func (c Conv) Pointwise() bool {
	w, one := c.Window, [3]int{1, 1, 1}
	return w.Kernel == one && w.Stride == one && (w.Same || w.PadLo == w.PadHi && w.PadLo == [3]int{})
}

func (c Conv) result(src ir.Type) (ir.Type, error) {
	d, err := c.desc([]ir.Type{src})
	if err != nil {
		return ir.Type{}, err
	}
	return ungrid(d.OC, d.Out, c.Window.Rank), nil
}

func (c Conv) primitives(src ir.Type, n int, at places) (passes, error) {
	d, err := c.desc([]ir.Type{src})
	d.N, d.SrcLayout, d.DstLayout, d.Packed = n, at.src, at.dst, c.Packed
	return on(d, ops.NewConv, ops.NewConvBackwardData, ops.NewConvBackwardWeights), err
}

// desc is the descriptor for one sample.
func (c Conv) desc(in []ir.Type) (d ops.ConvDesc, err error) {
	w := c.Window
	channels, size, err := receive(in, w)
	if err != nil {
		return d, err
	}
	if err := w.fits(size); err != nil {
		return d, err
	}
	if err := grouped(channels, c.Filters, c.Groups); err != nil {
		return d, err
	}
	lo, hi := w.padding(size)
	return ops.ConvDesc{
		N: 1, IC: channels, OC: c.Filters, Groups: c.Groups, In: size, Out: w.positions(size, lo, hi),
		Kernel: w.Kernel, Stride: w.Stride, Dilation: w.Dilation, PadLo: lo, PadHi: hi, Bias: c.Bias, Post: c.Post,
	}, nil
}

// receive checks the source of a window and gives its channels and sizes.
func receive(in []ir.Type, w Window) (channels int, size [3]int, err error) {
	if err := w.check(); err != nil {
		return 0, size, err
	}
	if err := samples(in, 1); err != nil {
		return 0, size, err
	}
	return grid(in[0], w.Rank)
}

// grouped checks the channels of a convolution or deconvolution.
func grouped(channels, filters, groups int) error {
	switch {
	case filters < 1:
		return shapeError("%d filters: there must be at least 1", filters)
	case groups < 1:
		return shapeError("%d groups: there must be at least 1", groups)
	case channels%groups != 0:
		return shapeError("%d groups do not divide %d input channels", groups, channels)
	case filters%groups != 0:
		return shapeError("%d groups do not divide %d filters", groups, filters)
	}
	return nil
}

// filters describes a convolution: "64 filters 3x3 stride 2x2 same no bias".
func filters(n, groups int, bias bool, w Window, post ops.Activation) string {
	s := fmt.Sprintf("%d filters %s", n, w.detail([3]int{1, 1, 1}))
	if groups > 1 {
		s += fmt.Sprintf(" %d groups", groups)
	}
	return s + unbiased(bias) + fused(post)
}

func unbiased(bias bool) string {
	if bias {
		return ""
	}
	return " no bias"
}

// fused names what the compiler put behind an operation.
func fused(post ops.Activation) string {
	if post.Kind == ops.Identity {
		return ""
	}
	return " + " + Activation{post}.Kind()
}

func volume(s [3]int) int { return s[0] * s[1] * s[2] }
