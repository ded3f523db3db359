package ops

import "fmt"

// DeconvDesc describes a deconvolution (transposed convolution) of two or three
// spatial axes, in the order D, H, W, as PyTorch defines it. An image has D = 1 as
// in [ConvDesc].
//
// Every element of src adds the kernel, times itself, to dst:
//
//	dst[n, oc, i·Stride + k·Dilation − PadLo] += weights[ic, oc, k] · src[n, ic, i]
//
// per axis, for all ic of oc's group, where dst has that element; then comes the
// bias. Weights are IC, OC/Groups, KD, KH, KW: those of the convolution from OC
// channels of size Out to IC channels of size In whose data gradient this is.
type DeconvDesc struct {
	N, IC, OC, Groups int
	In, Out           [3]int // spatial sizes of src and dst
	Kernel            [3]int
	Stride            [3]int
	Dilation          [3]int // 1 is dense
	PadLo             [3]int // what is cropped before
	PadHi             [3]int // what is cropped after
	OutPad            [3]int // what dst is longer after that; less than Stride or Dilation
	Bias              bool
	Post              Activation // applied to dst in the same pass; the zero value is none

	SrcLayout, DstLayout Layout // see ConvDesc
	Packed               bool   // see ConvDesc
}

// DeconvSize is the length of dst along one axis:
// (in − 1)·stride − lo − hi + (k − 1)·dilation + 1 + outPad. It is below 1 where
// nothing is left of dst.
func DeconvSize(in, k, stride, dilation, lo, hi, outPad int) int {
	return (in-1)*stride - lo - hi + (k-1)*dilation + 1 + outPad
}

// Validate reports the first thing in the descriptor that cannot be.
func (d DeconvDesc) Validate() error {
	bad := func(format string, args ...any) error { return invalid("deconvolution", format, args...) }
	switch {
	case d.N < 0:
		return bad("batch %d is negative", d.N)
	case d.IC < 1 || d.OC < 1 || d.Groups < 1:
		return bad("channels %d to %d in %d groups: each must be at least 1", d.IC, d.OC, d.Groups)
	case d.IC%d.Groups != 0 || d.OC%d.Groups != 0:
		return bad("%d groups do not divide %d input and %d output channels", d.Groups, d.IC, d.OC)
	}
	for a, axis := range "DHW" {
		if err := d.validateAxis(a); err != nil {
			return bad("axis %c: %v", axis, err)
		}
	}
	if err := d.Post.validate(); err != nil {
		return err
	}
	return d.conv().checkLayouts("deconvolution")
}

func (d DeconvDesc) validateAxis(a int) error {
	in, k, stride, dilation := d.In[a], d.Kernel[a], d.Stride[a], d.Dilation[a]
	lo, hi, outPad := d.PadLo[a], d.PadHi[a], d.OutPad[a]
	switch {
	case in < 1 || k < 1 || stride < 1 || dilation < 1:
		return fmt.Errorf("input %d, kernel %d, stride %d, dilation %d: each must be at least 1", in, k, stride, dilation)
	case lo < 0 || hi < 0 || outPad < 0:
		return fmt.Errorf("padding %d before, %d after and %d of the output must not be negative", lo, hi, outPad)
	case outPad >= max(stride, dilation):
		return fmt.Errorf("output padding %d must be less than stride %d or dilation %d", outPad, stride, dilation)
	}
	want := DeconvSize(in, k, stride, dilation, lo, hi, outPad)
	if want < 1 {
		return fmt.Errorf("padding %d before and %d after leaves nothing of the output", lo, hi)
	}
	if d.Out[a] != want {
		return fmt.Errorf("output size %d, where the kernels cover %d", d.Out[a], want)
	}
	return nil
}

// SrcLen is the length, in float32, of the plain src tensor.
func (d DeconvDesc) SrcLen() int { return d.N * d.IC * volume(d.In) }

// DstLen is the length of the plain dst tensor.
func (d DeconvDesc) DstLen() int { return d.N * d.OC * volume(d.Out) }

// WeightsLen is the length of the weights tensor.
func (d DeconvDesc) WeightsLen() int { return d.IC * (d.OC / d.Groups) * volume(d.Kernel) }

// MACs is the number of multiply-adds of one execution, those that reach dst only.
func (d DeconvDesc) MACs() int64 { return d.conv().MACs() }

// conv is the convolution whose data gradient the deconvolution is. What PadHi and
// OutPad mean to it follows from the sizes, and need not be said.
func (d DeconvDesc) conv() ConvDesc {
	return ConvDesc{
		N: d.N, IC: d.OC, OC: d.IC, Groups: d.Groups,
		In: d.Out, Out: d.In, Kernel: d.Kernel, Stride: d.Stride, Dilation: d.Dilation, PadLo: d.PadLo,
		SrcLayout: d.DstLayout, DstLayout: d.SrcLayout, Packed: d.Packed,
	}
}
