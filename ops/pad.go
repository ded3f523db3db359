package ops

import "fmt"

// PadDesc describes padding with zeros along the last three axes.
type PadDesc struct {
	Outer  int // the product of all axes before them
	In     [3]int
	Lo, Hi [3]int // zeros before and after
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
	_, err := elements(op, d.Outer, out[0], out[1], out[2])
	return err
}

func (d PadDesc) info(kind string) Info {
	out := d.Out()
	return Info{
		Kind: kind,
		Problem: fmt.Sprintf("%dx%dx%dx%d:%dx%dx%dx%d", d.Outer, d.In[0], d.In[1], d.In[2],
			d.Outer, out[0], out[1], out[2]),
		Bytes: floatBytes(d.Outer * (volume(d.In) + volume(out))),
	}
}

// NewPad returns padding with zeros.
//
//	in:  src [Outer, In]
//	out: dst [Outer, Lo + In + Hi]
func NewPad(d PadDesc) (Primitive, error) {
	if err := d.validate("pad"); err != nil {
		return nil, err
	}
	out, width := d.Out(), d.In[2]
	rows := divideRows(d.Outer*out[0]*out[1], out[2])
	return newPhased(d.info("pad"), overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			dst := c.out[0][r*out[2] : (r+1)*out[2]]
			z, y := r/out[1]%out[0]-d.Lo[0], r%out[1]-d.Lo[1]
			if z < 0 || z >= d.In[0] || y < 0 || y >= d.In[1] {
				clear(dst)
				continue
			}
			outer := r / (out[0] * out[1])
			from := ((outer*d.In[0]+z)*d.In[1] + y) * width
			clear(dst[:d.Lo[2]])
			copy(dst[d.Lo[2]:], c.in[0][from:from+width])
			clear(dst[d.Lo[2]+width:])
		}
	})), nil
}

// NewCrop returns what is left when the padding of d is cut off: the gradient of
// [NewPad].
//
//	in:  src [Outer, Lo + In + Hi]
//	out: dst [Outer, In]
func NewCrop(d PadDesc) (Primitive, error) {
	if err := d.validate("crop"); err != nil {
		return nil, err
	}
	padded, width := d.Out(), d.In[2]
	rows := divideRows(d.Outer*d.In[0]*d.In[1], width)
	return newPhased(d.info("crop"), overRanges(rows, func(c *call, lo, hi int) {
		for r := lo; r < hi; r++ {
			outer, z, y := r/(d.In[0]*d.In[1]), r/d.In[1]%d.In[0], r%d.In[1]
			from := ((outer*padded[0]+z+d.Lo[0])*padded[1]+y+d.Lo[1])*padded[2] + d.Lo[2]
			copy(c.out[0][r*width:(r+1)*width], c.in[0][from:from+width])
		}
	})), nil
}
