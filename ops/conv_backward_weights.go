package ops

// NewConvBackwardWeights returns the gradient of a convolution with respect to its
// weights, and with Bias to its bias. Post of the descriptor is ignored. A weight
// whose tap lies in the padding everywhere has gradient 0.
//
//	in:  src [N, IC, In], diffDst [N, OC, Out]
//	out: diffWeights [OC, IC/Groups, Kernel], and with Bias diffBias [OC]
func NewConvBackwardWeights(d ConvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	bias := biasSource{wanted: d.Bias, input: 1, channels: d.OC, volume: volume(d.Out), layout: d.DstLayout}
	return d.newBackwardWeights(0, 1, bias, d.info("backward_weights", d.Bias))
}

// backwardWeights is the weight gradient of the convolution.
func (d ConvDesc) backwardWeights() weightGradient {
	g := weightGradient{
		tiling: tiling{n: d.N, from: d.SrcLayout, to: d.DstLayout, groups: d.Groups, in: d.IC / d.Groups, out: d.OC / d.Groups},
		kernel: d.Kernel, diffOf: 1,
	}
	for a := range g.axes {
		g.axes[a] = d.forwardAxis(a)
	}
	return g
}
