package ops

import "fmt"

// PadDesc describes padding with zeros along D, H and W. An image has D = 1 without
// padding there.
type PadDesc struct {
	N, C   int
	In     [3]int // spatial sizes of src
	Lo, Hi [3]int // zeros before and after
	Layout Layout // of both tensors; N is a multiple of 16 in NCX16n
}

// Out are the padded sizes.
func (d PadDesc) Out() [3]int {
	var out [3]int
	for a := range out {
		out[a] = d.Lo[a] + d.In[a] + d.Hi[a]
	}
	return out
}

func (d PadDesc) validate(op string) error {
	for a, axis := range "DHW" {
		switch {
		case d.In[a] < 1:
			return invalid(op, "axis %c: size %d: it must be at least 1", axis, d.In[a])
		case d.Lo[a] < 0 || d.Hi[a] < 0:
			return invalid(op, "axis %c: padding %d before and %d after must not be negative", axis, d.Lo[a], d.Hi[a])
		}
	}
	out := d.Out()
	if _, err := elements(op, d.N, d.C, out[0], out[1], out[2], d.Layout.cell()); err != nil {
		return err
	}
	return d.Layout.check(op, d.N)
}

func (d PadDesc) info(kind string) Info {
	out := d.Out()
	return Info{
		Kind: kind,
		Problem: fmt.Sprintf("%dx%dx%dx%dx%d:%dx%dx%dx%dx%d", d.N, d.C, d.In[0], d.In[1], d.In[2],
			d.N, d.C, out[0], out[1], out[2]),
		Bytes: floatBytes(d.Layout.planes(d.N, d.C) * d.Layout.cell() * (volume(d.In) + volume(out))),
	}
}

// elementary is the padding of as many planes, each element of a cell being one along W.
func (d PadDesc) elementary() (planes int, e PadDesc) {
	for _, w := range []*int{&d.In[2], &d.Lo[2], &d.Hi[2]} {
		*w *= d.Layout.cell()
	}
	return d.Layout.planes(d.N, d.C), d
}

// NewPad returns padding with zeros.
//
//	in:  src [N, C, In]
//	out: dst [N, C, Lo + In + Hi]
func NewPad(d PadDesc) (Primitive, error) {
	if err := d.validate("pad"); err != nil {
		return nil, err
	}
	info := d.info("pad")
	planes, d := d.elementary()
	out, width := d.Out(), d.In[2]
	rows := divideRows(planes*out[0]*out[1], out[2])
	return newPhased(info, overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			dst := c.out[0][r*out[2] : (r+1)*out[2]]
			z, y := r/out[1]%out[0]-d.Lo[0], r%out[1]-d.Lo[1]
			if z < 0 || z >= d.In[0] || y < 0 || y >= d.In[1] {
				clear(dst)
				continue
			}
			plane := r / (out[0] * out[1])
			from := ((plane*d.In[0]+z)*d.In[1] + y) * width
			clear(dst[:d.Lo[2]])
			copy(dst[d.Lo[2]:], c.in[0][from:from+width])
			clear(dst[d.Lo[2]+width:])
		}
	})), nil
}

// NewCrop returns what is left when the padding of d is cut off: the gradient of
// [NewPad].
//
//	in:  src [N, C, Lo + In + Hi]
//	out: dst [N, C, In]
func NewCrop(d PadDesc) (Primitive, error) {
	if err := d.validate("crop"); err != nil {
		return nil, err
	}
	info := d.info("crop")
	planes, d := d.elementary()
	padded, width := d.Out(), d.In[2]
	rows := divideRows(planes*d.In[0]*d.In[1], width)
	return newPhased(info, overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			plane, z, y := r/(d.In[0]*d.In[1]), r/d.In[1]%d.In[0], r%d.In[1]
			from := ((plane*padded[0]+z+d.Lo[0])*padded[1]+y+d.Lo[1])*padded[2] + d.Lo[2]
			copy(c.out[0][r*width:(r+1)*width], c.in[0][from:from+width])
		}
	})), nil
}
