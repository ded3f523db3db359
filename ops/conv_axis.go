package ops

import "slices"

// axis is one spatial axis of a gather: a computation whose every result is a sum
// over taps of cells of src. Both a convolution and its data gradient are one.
//
// Along the axis a gather has positions 0, 1, 2, …; src is staged so that the cell
// which a tap takes at position p+1 lies just after the cell it takes at p. Cells
// that lie step apart in src are neighbours then: a staged axis holds the cells
// of one residue modulo step, then those of the next.
//
// What dst gets at a position depends on the component, for a data gradient with
// a stride is several gathers that take turns: the polyphase components of signal
// processing.
type axis struct {
	src, dst   int   // sizes
	positions  int   // number of positions
	step       int   // between cells of src that are staged side by side
	origin     int   // in src, of the first cell that position 0 may need; a multiple of step
	residues   []int // modulo step, of the cells that some tap takes
	reach      int   // number of neighbouring cells that the taps of one position span
	dstStep    int   // between what neighbouring positions give
	components []component
}

// component is a set of equally spaced elements of dst that take the same taps.
type component struct {
	span            // the positions at which the element lies in dst
	dstOrigin int   // the element at position 0
	taps      []tap // those which are not in the padding everywhere
}

// tap is one element of the kernel along an axis.
type tap struct {
	k       int // in the kernel
	residue int // index into residues
	shift   int // of the cell, from the first of the position: 0 to reach−1
}

// forwardAxis is an axis of a convolution: position o is output o, and tap k takes
// src[o·stride + k·dilation − padLo].
func (d ConvDesc) forwardAxis(a int) axis {
	x := axis{src: d.In[a], dst: d.Out[a], positions: d.Out[a], step: d.Stride[a], dstStep: 1}
	c := component{span: span{0, x.positions}}
	for k := range d.Kernel[a] {
		c.addTap(&x, k, k*d.Dilation[a]-d.PadLo[a])
	}
	x.components = []component{c}
	x.settle()
	return x
}

// backwardAxis is an axis of the data gradient. With j = i + padLo = J·stride + ρ,
// the gradient of src[i] sums tap k where k·dilation ≡ ρ modulo stride, of diffDst
// at o = J − (k·dilation − ρ)/stride. There is a component for each ρ; positions
// are the J, from the first that any i has.
func (d ConvDesc) backwardAxis(a int) axis {
	s, lo := d.Stride[a], d.PadLo[a]
	first, last := lo/s, (d.In[a]-1+lo)/s
	x := axis{src: d.Out[a], dst: d.In[a], positions: last - first + 1, step: 1, dstStep: s}
	for i := range min(s, d.In[a]) { // one i of every ρ that there is
		rho := (i + lo) % s
		origin := first*s + rho - lo // i at position 0
		c := component{dstOrigin: origin, span: span{ceilDiv(-origin, s), floorDiv(d.In[a]-1-origin, s) + 1}}
		for k := range d.Kernel[a] {
			if at := k*d.Dilation[a] - rho; at%s == 0 {
				c.addTap(&x, k, first-at/s)
			}
		}
		x.components = append(x.components, c)
	}
	x.settle()
	return x
}

// addTap adds tap k, which takes src[at] at position 0, if it takes any cell at all.
// Until settle, shift is relative to src.
func (c *component) addTap(x *axis, k, at int) {
	lo := max(c.lo, ceilDiv(-at, x.step))
	hi := min(c.hi-1, floorDiv(x.src-1-at, x.step))
	if lo > hi {
		return
	}
	shift := floorDiv(at, x.step)
	residue := at - shift*x.step
	if !slices.Contains(x.residues, residue) {
		x.residues = append(x.residues, residue)
	}
	c.taps = append(c.taps, tap{k, slices.Index(x.residues, residue), shift})
}

// settle makes the shifts relative to the first cell that any tap takes.
func (x *axis) settle() {
	var shifts []int
	for _, c := range x.components {
		for _, t := range c.taps {
			shifts = append(shifts, t.shift)
		}
	}
	if len(shifts) == 0 {
		return
	}
	first := slices.Min(shifts)
	x.origin = first * x.step
	x.reach = slices.Max(shifts) - first + 1
	for _, c := range x.components {
		for i := range c.taps {
			c.taps[i].shift -= first
		}
	}
}

// source is the place in src of a staged cell, for a slab that starts at position
// first and has cells of each residue. It may lie outside src.
func (x *axis) source(cell, cells, first int) int {
	return (first+cell%cells)*x.step + x.origin + x.residues[cell/cells]
}

// offset is the place in src of a tap, from that of a position times step.
func (x *axis) offset(t tap) int { return t.shift*x.step + x.origin + x.residues[t.residue] }

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func ceilDiv(a, b int) int { return -floorDiv(-a, b) }
