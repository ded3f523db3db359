package ops

import "errors"

// ErrDescriptor is wrapped by every error of a primitive's constructor.
var ErrDescriptor = errors.New("invalid descriptor")

// ConvDesc describes a convolution of two or three spatial axes, in the order
// D, H, W. An image has D = 1 with a kernel of 1, stride 1, dilation 1 and no
// padding there.
//
// Convolution is the cross-correlation that the field calls by that name:
//
//	dst[n, oc, o] = bias[oc] + Σ_ic Σ_k weights[oc, ic, k] · src[n, g·IC/G+ic, o·Stride + k·Dilation − PadLo]
//
// per axis, with src zero outside and g the group of oc. Weights are OC, IC/Groups, KD, KH, KW.
//
// The same descriptor serves the deconvolution (transposed convolution) whose
// data gradient this convolution is: see [DeconvDesc].
type ConvDesc struct {
	N, IC, OC, Groups int
	In, Out           [3]int // spatial sizes of src and dst
	Kernel            [3]int
	Stride            [3]int
	Dilation          [3]int // 1 is dense, as in PyTorch; oneDNN counts from 0
	PadLo             [3]int // zeros before
	PadHi             [3]int // zeros after; what the last window does not reach is ignored
	Bias              bool
	Post              Activation // applied to dst in the same pass; the zero value is none

	// SrcLayout and DstLayout are the layouts of src and dst, and of their gradients.
	SrcLayout, DstLayout Layout
	// Packed says that weights, and their gradient, are in the order in which the
	// channel-blocked kernels use them, instead of OC, IC/Groups, Kernel.
	Packed bool
}

// OutSize is the number of window positions along one axis:
// floor((in + lo + hi − ((k−1)·dilation + 1)) / stride) + 1, or 0 when the
// window is larger than the padded input.
func OutSize(in, k, stride, dilation, lo, hi int) int {
	span := (k-1)*dilation + 1
	if free := in + lo + hi - span; free >= 0 {
		return free/stride + 1
	}
	return 0
}

// Validate reports the first thing in the descriptor that cannot be.
func (d ConvDesc) Validate() error {
	bad := func(format string, args ...any) error { return invalid("convolution", format, args...) }
	switch {
	case d.N < 0:
		return bad("batch %d is negative", d.N)
	case d.IC < 1 || d.OC < 1 || d.Groups < 1:
		return bad("channels %d to %d in %d groups: each must be at least 1", d.IC, d.OC, d.Groups)
	case d.IC%d.Groups != 0 || d.OC%d.Groups != 0:
		return bad("%d groups do not divide %d input and %d output channels", d.Groups, d.IC, d.OC)
	}
	for a, axis := range "DHW" {
		switch {
		case d.In[a] < 1 || d.Kernel[a] < 1 || d.Stride[a] < 1 || d.Dilation[a] < 1:
			return bad("axis %c: input %d, kernel %d, stride %d, dilation %d: each must be at least 1",
				axis, d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a])
		case d.PadLo[a] < 0 || d.PadHi[a] < 0:
			return bad("axis %c: padding %d before and %d after must not be negative", axis, d.PadLo[a], d.PadHi[a])
		}
		want := OutSize(d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a], d.PadLo[a], d.PadHi[a])
		if want < 1 {
			return bad("axis %c: kernel %d with dilation %d is larger than the padded input %d",
				axis, d.Kernel[a], d.Dilation[a], d.In[a]+d.PadLo[a]+d.PadHi[a])
		}
		if d.Out[a] != want {
			return bad("axis %c: output size %d, where the window takes %d positions", axis, d.Out[a], want)
		}
	}
	if err := d.Post.validate(); err != nil {
		return err
	}
	return d.checkLayouts("convolution")
}

// checkLayouts reports layouts that no kernel of a convolution has.
func (d ConvDesc) checkLayouts(op string) error {
	batch := func(l Layout) bool { return l == NCX || l == NCX16n }
	switch {
	case d.channelBlocked():
		return d.checkBlocked(op)
	case !batch(d.SrcLayout) || !batch(d.DstLayout):
		return invalid(op, "from %s to %s: no kernel has these layouts", d.SrcLayout, d.DstLayout)
	case d.Packed:
		return invalid(op, "packed weights from %s to %s: only channel-blocked kernels have them", d.SrcLayout, d.DstLayout)
	}
	return nil
}

// SrcLen is the length, in float32, of the plain src tensor.
func (d ConvDesc) SrcLen() int { return d.N * d.IC * volume(d.In) }

// DstLen is the length of the plain dst tensor.
func (d ConvDesc) DstLen() int { return d.N * d.OC * volume(d.Out) }

// WeightsLen is the length of the weights tensor.
func (d ConvDesc) WeightsLen() int { return d.OC * (d.IC / d.Groups) * volume(d.Kernel) }

// MACs is the number of multiply-adds of one execution, taps inside the image
// only, as benchdnn counts.
func (d ConvDesc) MACs() int64 {
	taps := int64(1)
	for a := range 3 {
		inside := int64(0)
		for k := range d.Kernel[a] {
			for o := range d.Out[a] {
				if i := o*d.Stride[a] + k*d.Dilation[a] - d.PadLo[a]; i >= 0 && i < d.In[a] {
					inside++
				}
			}
		}
		taps *= inside
	}
	return taps * int64(d.N) * int64(d.OC) * int64(d.IC/d.Groups)
}

func volume(s [3]int) int { return s[0] * s[1] * s[2] }
