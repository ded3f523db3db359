package ops

// channelBlocked reports that the kernels with channels in lanes serve the
// convolution.
func (d ConvDesc) channelBlocked() bool { return d.SrcLayout == NCX16c || d.DstLayout == NCX16c }

// checkBlocked reports what the kernels with channels in lanes cannot do.
func (d ConvDesc) checkBlocked(op string) error {
	narrow := d.SrcLayout == NCX
	switch {
	case d.DstLayout != NCX16c || d.SrcLayout == NCX16n:
		return invalid(op, "from %s to %s: no kernel has these layouts", d.SrcLayout, d.DstLayout)
	case narrow && (d.IC >= Block || d.Groups > 1):
		return invalid(op, "from %s to %s: %d input channels in %d groups, where plain src has fewer than %d in one",
			d.SrcLayout, d.DstLayout, d.IC, d.Groups, Block)
	case d.Groups > 1 && !d.depthwise() && (d.IC/d.Groups%Block != 0 || d.OC/d.Groups%Block != 0):
		return invalid(op, "from %s to %s: groups of %d and %d channels, which are no whole blocks of %d",
			d.SrcLayout, d.DstLayout, d.IC/d.Groups, d.OC/d.Groups, Block)
	}
	return nil
}

// depthwise reports that each channel is convolved by itself.
func (d ConvDesc) depthwise() bool { return d.Groups > 1 && d.IC == d.Groups && d.OC == d.Groups }

// dataRole is the sum that the convolution and its data gradient are.
func (d ConvDesc) dataRole() blockedRole {
	if d.depthwise() {
		return blockedDepthwise
	}
	return blockedData
}

// blockGroups are the groups of a direct convolution, with their channels: where each
// channel is one they are the blocks of channels.
func (d ConvDesc) blockGroups() (groups, in, out int) {
	if d.depthwise() {
		return ceilDiv(d.Groups, Block), Block, Block
	}
	return d.Groups, d.IC / d.Groups, d.OC / d.Groups
}

// packing is the order of packed weights, for the convolution or its data gradient.
func (d ConvDesc) packing(backward bool) blockedWeights {
	w := blockedWeights{kernel: d.Kernel, narrow: d.SrcLayout == NCX, depthwise: d.depthwise(), channels: d.IC}
	w.groups, w.in, w.out = d.blockGroups()
	if backward {
		w.in, w.out, w.backward = w.out, w.in, true
	}
	return w
}

// directForward is the direct convolution.
func (d ConvDesc) directForward(bias bool, post Activation) direct {
	g := direct{
		n: d.N, weights: d.packing(false), bias: bias, post: post,
		narrow: d.SrcLayout == NCX, packed: d.Packed, role: d.dataRole(),
	}
	g.groups, g.in, g.out = d.blockGroups()
	for a := range g.axes {
		g.axes[a] = d.forwardAxis(a)
	}
	return g
}

// directBackwardData is its data gradient, and a deconvolution.
func (d ConvDesc) directBackwardData(bias bool, post Activation) direct {
	g := direct{n: d.N, weights: d.packing(true), bias: bias, post: post, packed: d.Packed, role: d.dataRole()}
	g.groups, g.out, g.in = d.blockGroups()
	for a := range g.axes {
		g.axes[a] = d.backwardAxis(a)
	}
	return g
}

// newForward and its like choose the kernels by the layouts.
func (d ConvDesc) newForward(bias bool, post Activation, info Info) (Primitive, error) {
	if d.channelBlocked() {
		return newDirect(d.directForward(bias, post), info, likelyWorkers())
	}
	return newGather(d.forward(bias, post), info, likelyWorkers())
}

func (d ConvDesc) newBackwardData(op string, bias bool, post Activation, info Info) (Primitive, error) {
	if !d.channelBlocked() {
		return newGather(d.backwardData(bias, post), info, likelyWorkers())
	}
	if d.SrcLayout == NCX {
		return nil, invalid(op, "a data gradient of channels in blocks gives no plain tensor")
	}
	return newDirect(d.directBackwardData(bias, post), info, likelyWorkers())
}

// newBackwardWeights takes the numbers of the inputs that are src and diffDst.
func (d ConvDesc) newBackwardWeights(srcOf, diffOf int, bias biasSource, info Info) (Primitive, error) {
	if d.channelBlocked() {
		g := directWeights{direct: d.directForward(false, Activation{}), biasSum: bias, srcOf: srcOf, diffOf: diffOf}
		if !d.depthwise() {
			g.role = blockedGradient
		}
		return newDirectWeights(g, info)
	}
	g := d.backwardWeights()
	g.bias, g.srcOf, g.diffOf = bias, srcOf, diffOf
	return newWeightGradient(g, info)
}
