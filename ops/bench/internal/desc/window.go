package desc

import (
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/ops"
)

// ErrUnimplemented is wrapped by the error of a problem that benchdnn has and package
// ops has no primitive for.
var ErrUnimplemented = errors.New("unimplemented")

// batch is the batch of a problem: the one asked for, if that is not 0, else the
// descriptor's, else benchdnn's default.
func (f fields) batch(override int) int {
	if override > 0 {
		return override
	}
	return f.get("mb", 2)
}

// window is what descriptors with windows have in common.
type window struct {
	word
	columns
	axes [3]axis
}

func readWindow(f flow, text string, names ...string) (window, error) {
	w, err := split(text, append(names, windowNames()...)...)
	if err != nil {
		return window{}, err
	}
	axes, err := f.axes(w.ints)
	if err != nil {
		return window{}, fmt.Errorf("%q: %w", text, err)
	}
	return window{word: w, columns: turn(axes), axes: axes}, nil
}

// padHi is the padding after, on a reducing axis. Negative, it stands for elements
// that no window reaches, which a descriptor of package ops does not count.
func (w window) padHi() (hi [3]int) {
	for i, a := range w.axes {
		hi[i] = max(reduces.padding(a)-a.p, 0)
	}
	return hi
}

// Conv reads gXmbXicXidXihXiwXocXodXohXowXkdXkhXkwXsdXshXswXpdXphXpwXddXdhXdwXnS.
// A batch mb above 0 takes the place of the descriptor's.
func Conv(text string, mb int) (d ops.ConvDesc, name string, err error) {
	w, err := readWindow(reduces, text, "g", "mb", "ic", "oc")
	if err != nil {
		return d, "", err
	}
	d = ops.ConvDesc{
		N: w.ints.batch(mb), IC: w.ints["ic"], OC: w.ints["oc"], Groups: w.ints.get("g", 1),
		In: w.in, Out: w.out, Kernel: w.kernel, Stride: w.stride, Dilation: w.dilation,
		PadLo: w.lo, PadHi: w.padHi(),
	}
	if err := d.Validate(); err != nil {
		return d, "", fmt.Errorf("%q: %w", text, err)
	}
	return d, w.name, nil
}

// Deconv reads the same fields as [Conv]; i is the size of what the deconvolution
// reads, o of what it writes. Where o is larger than the kernels cover, the rest is
// output padding.
func Deconv(text string, mb int) (d ops.DeconvDesc, name string, err error) {
	w, err := readWindow(expands, text, "g", "mb", "ic", "oc")
	if err != nil {
		return d, "", err
	}
	d = ops.DeconvDesc{
		N: w.ints.batch(mb), IC: w.ints["ic"], OC: w.ints["oc"], Groups: w.ints.get("g", 1),
		In: w.in, Out: w.out, Kernel: w.kernel, Stride: w.stride, Dilation: w.dilation, PadLo: w.lo,
	}
	for i, a := range w.axes {
		hi := expands.padding(a) - a.p
		d.PadHi[i], d.OutPad[i] = max(hi, 0), max(-hi, 0)
	}
	if err := d.Validate(); err != nil {
		return d, "", fmt.Errorf("%q: %w", text, err)
	}
	return d, w.name, nil
}

// Pooling reads mbXicXidXihXiwXodXohXowXkdXkhXkwXsdXshXswXpdXphXpwXnS. The kind of
// pooling is for the caller to set. Windows with gaps are unimplemented.
func Pooling(text string, mb int) (d ops.PoolingDesc, name string, err error) {
	w, err := readWindow(reduces, text, "mb", "ic")
	if err != nil {
		return d, "", err
	}
	if w.dilation != [3]int{1, 1, 1} {
		return d, "", fmt.Errorf("%q: %w: pooling with dilation", text, ErrUnimplemented)
	}
	if w.ints["ic"] == 0 {
		return d, "", fmt.Errorf("%q: ic is needed", text)
	}
	return ops.PoolingDesc{
		N: w.ints.batch(mb), C: w.ints["ic"], In: w.in, Out: w.out,
		Kernel: w.kernel, Stride: w.stride, PadLo: w.lo, PadHi: w.padHi(),
	}, w.name, nil
}
