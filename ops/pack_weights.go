package ops

// PackedLen is the length of packed weights: of the convolution, which is also the
// order of the weight gradient, or with backward of its data gradient. See
// [NewPackWeights].
func (d ConvDesc) PackedLen(backward bool) int {
	w := d.packing(backward)
	return w.length()
}

// NewPackWeights returns the primitive that brings weights into the order in which the
// kernels with channels in blocks use them: those of the convolution, or with backward
// of its data gradient. A convolution with Packed takes them so. Otherwise it packs
// them itself in every execution.
//
//	in:  weights [OC, IC/Groups, Kernel]
//	out: packed weights, PackedLen(backward) floats
func NewPackWeights(d ConvDesc, backward bool) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.packWeights(backward)
}

// NewUnpackWeights returns the primitive that brings the weight gradient of a
// convolution with Packed into the order of plain weights.
//
//	in:  packed weights, PackedLen(false) floats
//	out: weights [OC, IC/Groups, Kernel]
func NewUnpackWeights(d ConvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.unpackWeights()
}

// PackedLen is the length of packed weights: of the deconvolution, or with backward of
// its data gradient, which is also the order of the weight gradient.
func (d DeconvDesc) PackedLen(backward bool) int { return d.conv().PackedLen(!backward) }

// NewPackDeconvWeights is [NewPackWeights] for a deconvolution, with weights [IC,
// OC/Groups, Kernel].
func NewPackDeconvWeights(d DeconvDesc, backward bool) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.conv().packWeights(!backward)
}

// NewUnpackDeconvWeights is [NewUnpackWeights] for a deconvolution. The gradient is in
// the order of PackedLen(true).
func NewUnpackDeconvWeights(d DeconvDesc) (Primitive, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	return d.conv().unpackWeights()
}

func (d ConvDesc) packWeights(backward bool) (Primitive, error) {
	w, info, err := d.packingInfo(backward)
	if err != nil {
		return nil, err
	}
	k := currentKernels()
	return newPhased(info, phase{w.parts(), func(c *call, _, part int) { w.pack(&k, c.out[0], c.in[0], part) }}), nil
}

func (d ConvDesc) unpackWeights() (Primitive, error) {
	w, info, err := d.packingInfo(false)
	if err != nil {
		return nil, err
	}
	k := currentKernels()
	return newPhased(info, phase{w.parts(), func(c *call, _, part int) { w.unpack(&k, c.out[0], c.in[0], part) }}), nil
}

// packingInfo describes the packing of a convolution that is known to be valid.
func (d ConvDesc) packingInfo(backward bool) (blockedWeights, Info, error) {
	w := d.packing(backward)
	if !d.channelBlocked() {
		return w, Info{}, invalid("packing of weights", "from %s to %s: only channel-blocked kernels have packed weights", d.SrcLayout, d.DstLayout)
	}
	info := d.info("", false)
	info.Kind, info.FLOPs = "reorder", 0
	info.Bytes = floatBytes(d.WeightsLen() + w.length())
	info.Cycles = packCycles * float64(w.length())
	return w, info, nil
}
