package ops

import "fmt"

// PoolingKind is how a window is summed up.
type PoolingKind uint8

// The kinds of pooling.
const (
	MaxPooling     PoolingKind = iota // the largest element; padding is no element
	AveragePooling                    // the mean
)

// String returns the name used in logs.
func (k PoolingKind) String() string {
	switch k {
	case MaxPooling:
		return "pooling_max"
	case AveragePooling:
		return "pooling_avg"
	}
	return fmt.Sprintf("PoolingKind(%d)", uint8(k))
}

// PoolingDesc describes pooling over D, H and W. An image has D = 1 with a kernel
// of 1, stride 1 and no padding there.
type PoolingDesc struct {
	Kind PoolingKind
	N, C int
	In   [3]int // spatial sizes of src
	Out  [3]int // spatial sizes of dst: PoolSize of every axis, rounded down or up
	// Kernel is larger than the padding on either side, so that every window
	// holds an element.
	Kernel, Stride, PadLo, PadHi [3]int
	// CountPad makes the average divide by the size of the window within the
	// padded input, else by the number of elements in it: PyTorch's
	// count_include_pad. What reaches beyond the padding, as windows do where Out
	// is rounded up, never counts.
	CountPad bool
	// Layout is that of all tensors. N is a multiple of 16 in NCX16n.
	Layout Layout
}

// PoolSize is the number of windows along an axis: PyTorch's rule. With ceil the
// last window may reach beyond the padding, but it never starts in the padding
// after the input. 0 says that no window fits.
func PoolSize(in, k, stride, lo, hi int, ceil bool) int {
	free := in + lo + hi - k
	if ceil {
		free += stride - 1
	}
	if free < 0 {
		return 0
	}
	n := free/stride + 1
	if ceil && (n-1)*stride >= in+lo {
		n--
	}
	return n
}

func (d PoolingDesc) validate() error {
	const op = "pooling"
	if d.Kind > AveragePooling {
		return invalid(op, "unknown kind %d", uint8(d.Kind))
	}
	if _, err := elements(op, d.N, d.C, d.In[0], d.In[1], d.In[2], d.Layout.cell()); err != nil {
		return err
	}
	for a, axis := range "DHW" {
		in, k, s, lo, hi := d.In[a], d.Kernel[a], d.Stride[a], d.PadLo[a], d.PadHi[a]
		switch {
		case in < 1 || k < 1 || s < 1:
			return invalid(op, "axis %c: input %d, kernel %d, stride %d: each must be at least 1", axis, in, k, s)
		case lo < 0 || hi < 0 || lo >= k || hi >= k:
			return invalid(op, "axis %c: padding %d before and %d after: each must be less than the kernel, %d, and not negative", axis, lo, hi, k)
		}
		floor, ceil := PoolSize(in, k, s, lo, hi, false), PoolSize(in, k, s, lo, hi, true)
		switch out := d.Out[a]; {
		case ceil < 1:
			return invalid(op, "axis %c: kernel %d is larger than the padded input %d", axis, k, in+lo+hi)
		case out < 1 || out != floor && out != ceil:
			return invalid(op, "axis %c: output size %d, where the windows number %d, or %d rounded up", axis, out, floor, ceil)
		}
	}
	if _, err := elements(op, d.N, d.C, d.Out[0], d.Out[1], d.Out[2], d.Layout.cell()); err != nil {
		return err
	}
	return d.Layout.check(op, d.N)
}

func (d PoolingDesc) info(prop string) Info {
	planes := d.Layout.planes(d.N, d.C) * d.Layout.cell()
	bytes := floatBytes(planes * (volume(d.In) + volume(d.Out)))
	if prop == "backward_data" && d.Kind == MaxPooling {
		bytes += floatBytes(planes * volume(d.In))
	}
	return Info{
		Kind: "pooling",
		Prop: prop,
		Problem: fmt.Sprintf("alg:%s mb%dic%d_id%dih%diw%d_od%doh%dow%d_kd%dkh%dkw%d_sd%dsh%dsw%d_pd%dph%dpw%d", d.Kind, d.N, d.C,
			d.In[0], d.In[1], d.In[2], d.Out[0], d.Out[1], d.Out[2], d.Kernel[0], d.Kernel[1], d.Kernel[2],
			d.Stride[0], d.Stride[1], d.Stride[2], d.PadLo[0], d.PadLo[1], d.PadLo[2]),
		FLOPs: int64(planes) * int64(volume(d.Out)) * int64(volume(d.Kernel)),
		Bytes: bytes,
	}
}

// NewPooling returns max or average pooling. A NaN in a window makes its maximum NaN.
//
//	in:  src [N, C, In]
//	out: dst [N, C, Out]
func NewPooling(d PoolingDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	l, info := currentLoops(), d.info("forward_training")
	info.Impl = l.impl()
	w := d.windows(l)
	row := w.averageRow
	if d.Kind == MaxPooling {
		row = w.maxRow
	}
	in, out := d.planeSizes()
	length := out / (d.Out[0] * d.Out[1])
	rows := divideRows(d.Layout.planes(d.N, d.C)*d.Out[0]*d.Out[1], length*volume(d.Kernel))
	return newPhased(info, overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			plane, od, oh := r/(d.Out[0]*d.Out[1]), r/d.Out[1]%d.Out[0], r%d.Out[1]
			row(c.out[0][r*length:(r+1)*length], c.in[0][plane*in:(plane+1)*in], od, oh)
		}
	})), nil
}

// planeSizes are the elements of a plane of src and of dst.
func (d PoolingDesc) planeSizes() (in, out int) {
	return volume(d.In) * d.Layout.cell(), volume(d.Out) * d.Layout.cell()
}

// NewPoolingBackward returns the gradient of [NewPooling]. Of equal maxima the
// first in the order of memory gets the gradient.
//
//	in:  diffDst [N, C, Out], src [N, C, In] (nil will do for AveragePooling)
//	out: diffSrc [N, C, In]
func NewPoolingBackward(d PoolingDesc) (Primitive, error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	l, info := currentLoops(), d.info("backward_data")
	info.Impl = l.impl()
	w := d.windows(l)
	in, out := d.planeSizes()
	planes := divideRows(d.Layout.planes(d.N, d.C), max(in, out*volume(d.Kernel)))
	return newPhased(info, overRanges(planes, func(c *call, lo, hi int) {
		for p := lo; p < hi; p++ {
			diffSrc, diffDst := c.out[0][p*in:(p+1)*in], c.in[0][p*out:(p+1)*out]
			if d.Kind == MaxPooling {
				w.scatterMax(diffSrc, diffDst, c.in[1][p*in:(p+1)*in])
			} else {
				w.scatterAverage(diffSrc, diffDst)
			}
		}
	})), nil
}
