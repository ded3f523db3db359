package ops

// staging is how one channel of a slab of src lies in scratch memory: with zeros
// for padding, and so that every tap is a constant distance from the position it
// serves, whatever the stride and dilation.
//
// A slab is a box of positions. Its staged form has, from the outermost, the
// residues of W, the cells of D (all of one residue, then the next), those of H,
// and a row of the cells of W. Positions of one plane are then one run: from the
// end of a row to the start of the next it goes over a gap of cells whose results
// are dropped.
type staging struct {
	axes   *[3]axis
	size   [3]int // positions of a slab; along W there is one slab
	cells  [3]int // staged cells of each residue
	pitch  int    // floats of a row
	plane  int    // floats between neighbouring positions of D
	length int    // floats of a channel
	rows   []rowCopy
}

// rowCopy copies a row of src for one residue of W: cells lo to hi lie inside it,
// the first of them at from.
type rowCopy struct{ lo, hi, from int }

func newStaging(axes *[3]axis, size [3]int) staging {
	s := staging{axes: axes, size: size}
	for a := range axes {
		s.cells[a] = size[a] + max(axes[a].reach-1, 0)
	}
	d, h, w := &axes[0], &axes[1], &axes[2]
	s.pitch = s.cells[2]
	s.plane = len(h.residues) * s.cells[1] * s.pitch
	s.length = len(w.residues) * len(d.residues) * s.cells[0] * s.plane
	for _, r := range w.residues {
		start := w.origin + r
		c := rowCopy{lo: max(0, ceilDiv(-start, w.step)), hi: min(s.pitch, floorDiv(w.src-1-start, w.step)+1)}
		c.from = c.lo*w.step + start
		s.rows = append(s.rows, c)
	}
	return s
}

// run is the number of floats from the first position of a plane's rows to the
// last.
func (s *staging) run(rows, cols int) int { return (rows-1)*s.pitch + cols }

// offset is the distance of a tap from its position.
func (s *staging) offset(d, h, w tap) int {
	z := (w.residue*len(s.axes[0].residues)+d.residue)*s.cells[0] + d.shift
	return z*s.plane + (h.residue*s.cells[1]+h.shift)*s.pitch + w.shift
}

// taps lists, for one component of each axis, the offsets of the taps and their
// places in the kernel. W is innermost: neighbouring taps read the same cache lines.
func (s *staging) taps(c [3]*component, kernel [3]int) (off, place []int) {
	for _, d := range c[0].taps {
		for _, h := range c[1].taps {
			for _, w := range c[2].taps {
				off = append(off, s.offset(d, h, w))
				place = append(place, (d.k*kernel[1]+h.k)*kernel[2]+w.k)
			}
		}
	}
	return off, place
}

// position is the distance of a position from the first of the slab.
func (s *staging) position(d, h, w int) int { return d*s.plane + h*s.pitch + w }

// stage writes the slab that starts at position first. It fills all of dst.
func (s *staging) stage(dst, src []float32, first [3]int) {
	d, h, w := &s.axes[0], &s.axes[1], &s.axes[2]
	at := 0
	for _, row := range s.rows {
		for cd := range len(d.residues) * s.cells[0] {
			z := d.source(cd, s.cells[0], first[0])
			if z < 0 || z >= d.src {
				clear(dst[at : at+s.plane])
				at += s.plane
				continue
			}
			for ch := range len(h.residues) * s.cells[1] {
				if y := h.source(ch, s.cells[1], first[1]); y < 0 || y >= h.src {
					clear(dst[at : at+s.pitch])
				} else {
					row.copy(dst[at:at+s.pitch], src[(z*h.src+y)*w.src:][:w.src], w.step)
				}
				at += s.pitch
			}
		}
	}
}

func (c rowCopy) copy(dst, src []float32, step int) {
	if c.lo >= c.hi {
		clear(dst)
		return
	}
	clear(dst[:c.lo])
	clear(dst[c.hi:])
	inside := dst[c.lo:c.hi]
	if step == 1 {
		copy(inside, src[c.from:])
		return
	}
	from := c.from
	for i := range inside {
		inside[i] = src[from]
		from += step
	}
}
