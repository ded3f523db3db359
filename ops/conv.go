package ops

import "fmt"

// NewConv returns a convolution.
//
//	in:  src [N, IC, In], weights [OC, IC/Groups, Kernel], and with Bias bias [OC]
//	out: dst [N, OC, Out]
func NewConv(d ConvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.newForward(d.Bias, d.Post, d.info("forward_training", d.Bias))
}

// NewConvBackwardData returns the gradient of a convolution with respect to its
// source: with y = conv(x), diffSrc[i] = Σ_o diffDst[o]·∂y[o]/∂x[i]. Bias and Post
// of the descriptor are ignored.
//
//	in:  diffDst [N, OC, Out], weights [OC, IC/Groups, Kernel]
//	out: diffSrc [N, IC, In]
func NewConvBackwardData(d ConvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.newBackwardData("convolution", false, Activation{}, d.info("backward_data", false))
}

// check is Validate with a bound on the sizes of tensors.
func (d ConvDesc) check() error {
	if err := d.Validate(); err != nil {
		return err
	}
	return d.fits("convolution")
}

// shapeOf is the shape of a tensor of three spatial axes.
func shapeOf(n, c int, size [3]int) []int { return []int{n, c, size[0], size[1], size[2]} }

// fits reports tensors too large for the machine, even where blocks fill up.
func (d ConvDesc) fits(op string) error {
	for _, sizes := range [][]int{
		append(shapeOf(d.N, d.IC, d.In), d.SrcLayout.batchBlock()),
		append(shapeOf(d.N, d.OC, d.Out), d.DstLayout.batchBlock()),
		shapeOf(d.OC, d.IC, d.Kernel),
	} {
		if _, err := elements(op, sizes...); err != nil {
			return err
		}
	}
	return nil
}

// forward is the gather of the convolution.
func (d ConvDesc) forward(bias bool, post Activation) gather {
	in := d.IC / d.Groups
	g := gather{tiling: tiling{n: d.N, from: d.SrcLayout, to: d.DstLayout, groups: d.Groups, in: in, out: d.OC / d.Groups}, bias: bias, post: post}
	g.weights = packing{kernel: d.Kernel, outStride: in * volume(d.Kernel), inStride: volume(d.Kernel)}
	for a := range g.axes {
		g.axes[a] = d.forwardAxis(a)
	}
	return g
}

// backwardData is the gather of its data gradient, and of a deconvolution.
func (d ConvDesc) backwardData(bias bool, post Activation) gather {
	out := d.IC / d.Groups
	g := gather{tiling: tiling{n: d.N, from: d.DstLayout, to: d.SrcLayout, groups: d.Groups, in: d.OC / d.Groups, out: out}, bias: bias, post: post}
	g.weights = packing{kernel: d.Kernel, outStride: volume(d.Kernel), inStride: out * volume(d.Kernel)}
	for a := range g.axes {
		g.axes[a] = d.backwardAxis(a)
	}
	return g
}

// info describes a primitive on the convolution.
func (d ConvDesc) info(prop string, bias bool) Info {
	floats := d.SrcLayout.Size(shapeOf(d.N, d.IC, d.In)) + d.DstLayout.Size(shapeOf(d.N, d.OC, d.Out)) + d.WeightsLen()
	if bias {
		floats += d.OC
	}
	return Info{
		Kind: "convolution", Prop: prop, Problem: problem(d.Groups, d.N, d.IC, d.OC, d.In, d.Out, d),
		FLOPs: 2 * d.MACs(), Bytes: floatBytes(floats),
	}
}

// problem is a convolution or deconvolution, of window w, in benchdnn's notation,
// where dilation counts from 0.
func problem(groups, n, ic, oc int, in, out [3]int, w ConvDesc) string {
	s := fmt.Sprintf("g%dmb%dic%doc%d", groups, n, ic, oc)
	for a, axis := range "dhw" {
		s += fmt.Sprintf("_i%[1]c%[2]do%[1]c%[3]dk%[1]c%[4]ds%[1]c%[5]dd%[1]c%[6]dp%[1]c%[7]d",
			axis, in[a], out[a], w.Kernel[a], w.Stride[a], w.Dilation[a]-1, w.PadLo[a])
	}
	return s
}
