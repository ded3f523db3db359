package ops

// NewDeconv returns a deconvolution.
//
//	in:  src [N, IC, In], weights [IC, OC/Groups, Kernel], and with Bias bias [OC]
//	out: dst [N, OC, Out]
func NewDeconv(d DeconvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.conv().newBackwardData("deconvolution", d.Bias, d.Post, d.info("forward_training", d.Bias))
}

// NewDeconvBackwardData returns the gradient of a deconvolution with respect to its
// source, which is a convolution of diffDst. Bias and Post of the descriptor are
// ignored.
//
//	in:  diffDst [N, OC, Out], weights [IC, OC/Groups, Kernel]
//	out: diffSrc [N, IC, In]
func NewDeconvBackwardData(d DeconvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.conv().newForward(false, Activation{}, d.info("backward_data", false))
}

// NewDeconvBackwardWeights returns the gradient of a deconvolution with respect to
// its weights, and with Bias to its bias. Post of the descriptor is ignored.
//
//	in:  src [N, IC, In], diffDst [N, OC, Out]
//	out: diffWeights [IC, OC/Groups, Kernel], and with Bias diffBias [OC]
func NewDeconvBackwardWeights(d DeconvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	bias := biasSource{wanted: d.Bias, input: 1, channels: d.OC, volume: volume(d.Out), layout: d.DstLayout}
	// What the convolution takes in is the deconvolution's output.
	return d.conv().newBackwardWeights(1, 0, bias, d.info("backward_weights", d.Bias))
}

// check is Validate with a bound on the sizes of tensors.
func (d DeconvDesc) check() error {
	if err := d.Validate(); err != nil {
		return err
	}
	return d.conv().fits("deconvolution")
}

// info describes a primitive on the deconvolution.
func (d DeconvDesc) info(prop string, bias bool) Info {
	info := d.conv().info(prop, false)
	info.Kind = "deconvolution"
	info.Problem = problem(d.Groups, d.N, d.IC, d.OC, d.In, d.Out, d.conv())
	if bias {
		info.Bytes += floatBytes(d.OC)
	}
	return info
}
