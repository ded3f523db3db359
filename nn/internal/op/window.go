package op

import (
	"fmt"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

// Window is the geometry of a convolution, deconvolution or pooling. Arrays are in
// the order D, H, W; for images index 0 is neutral: kernel, stride and dilation 1,
// no padding.
type Window struct {
	Rank                     int // spatial axes: 2 (samples C, H, W) or 3 (C, D, H, W)
	Kernel, Stride, Dilation [3]int
	PadLo, PadHi             [3]int // zeros before and after; unused with Same
	// Same pads by TensorFlow's rule, so that the output has ceil(in/stride)
	// positions: in all max((out−1)·stride + span − in, 0) zeros, with span =
	// (k−1)·dilation + 1, half of them before and the odd one after. The output of
	// a deconvolution has in·stride.
	Same   bool
	OutPad [3]int // positions added after the output of a deconvolution
}

// maxWindow bounds each number of a window, far above any that makes sense, so
// that sizes made of them do not overflow.
const maxWindow = 1 << 20

// check reports the first thing in the window that can be right for no input.
func (w Window) check() error {
	if w.Rank != 2 && w.Rank != 3 {
		return unsupported("a window of %d axes: it can have 2 or 3", w.Rank)
	}
	for _, f := range []struct {
		name  string
		v     [3]int
		least int
	}{
		{"kernel", w.Kernel, 1},
		{"stride", w.Stride, 1},
		{"dilation", w.Dilation, 1},
		{"padding before", w.PadLo, 0},
		{"padding after", w.PadHi, 0},
		{"output padding", w.OutPad, 0},
	} {
		for a, n := range f.v {
			if n < f.least || n > maxWindow {
				return shapeError("%s %s: each must lie in [%d, %d]", f.name, w.list(f.v), f.least, maxWindow)
			}
			if a < 3-w.Rank && n != f.least {
				return unsupported("%s %d along D: an image has no such axis", f.name, n)
			}
		}
	}
	return nil
}

// fits checks a window that moves over the input: a convolution's or pooling's.
func (w Window) fits(in [3]int) error {
	if w.OutPad != [3]int{} {
		return unsupported("output padding %s: it is for deconvolutions", w.list(w.OutPad))
	}
	lo, hi := w.padding(in)
	var span, padded [3]int
	larger := false
	for a := range in {
		span[a], padded[a] = w.span(a), in[a]+lo[a]+hi[a]
		larger = larger || span[a] > padded[a]
	}
	switch {
	case !larger:
		return nil
	case span != w.Kernel:
		return shapeError("kernel %s with dilation %s spans %s, which is larger than the padded input %s",
			w.list(w.Kernel), w.list(w.Dilation), w.list(span), w.list(padded))
	}
	return shapeError("kernel %s is larger than the padded input %s", w.list(w.Kernel), w.list(padded))
}

// padding is that of a convolution or pooling over an input.
func (w Window) padding(in [3]int) (lo, hi [3]int) {
	if !w.Same {
		return w.PadLo, w.PadHi
	}
	for a := range in {
		out := (in[a] + w.Stride[a] - 1) / w.Stride[a]
		total := max((out-1)*w.Stride[a]+w.span(a)-in[a], 0)
		lo[a] = total / 2
		hi[a] = total - lo[a]
	}
	return lo, hi
}

// cut is what a deconvolution leaves out before and after its output, and what it
// adds after.
func (w Window) cut() (lo, hi, out [3]int) {
	if !w.Same {
		return w.PadLo, w.PadHi, w.OutPad
	}
	for a := range lo {
		total := max(w.span(a)-w.Stride[a], 0)
		lo[a] = total / 2
		hi[a] = total - lo[a]
		out[a] = max(w.Stride[a]-w.span(a), 0)
	}
	return lo, hi, out
}

// span is how far the taps of the kernel reach along an axis.
func (w Window) span(axis int) int { return (w.Kernel[axis]-1)*w.Dilation[axis] + 1 }

// positions are the sizes of a convolution's output.
func (w Window) positions(in, lo, hi [3]int) (out [3]int) {
	for a := range in {
		out[a] = ops.OutSize(in[a], w.Kernel[a], w.Stride[a], w.Dilation[a], lo[a], hi[a])
	}
	return out
}

// spread are the sizes of a deconvolution's output.
func (w Window) spread(in, lo, hi, extra [3]int) (out [3]int) {
	for a := range in {
		out[a] = ops.DeconvSize(in[a], w.Kernel[a], w.Stride[a], w.Dilation[a], lo[a], hi[a], extra[a])
	}
	return out
}

// list writes the sizes of the window's axes as 3x3.
func (w Window) list(v [3]int) string { return ir.Dims(v[3-w.Rank:]) }

// detail describes the window for summaries: "6x6x8 stride 2x2x2 same". side is the
// stride that goes without saying.
func (w Window) detail(side [3]int) string {
	s := w.list(w.Kernel)
	if w.Stride != side {
		s += " stride " + w.list(w.Stride)
	}
	if w.Dilation != [3]int{1, 1, 1} {
		s += " dilation " + w.list(w.Dilation)
	}
	switch none := [3]int{}; {
	case w.Same:
		s += " same"
	case w.PadLo != w.PadHi:
		s += fmt.Sprintf(" pad %s before %s after", w.list(w.PadLo), w.list(w.PadHi))
	case w.PadLo != none:
		s += " pad " + w.list(w.PadLo)
	}
	if w.OutPad != [3]int{} {
		s += " output pad " + w.list(w.OutPad)
	}
	return s
}
