package ops

// staging is how a slab of src lies in scratch memory: with zeros for padding, with
// samples side by side, and so that every tap is a constant distance from the
// position it serves, whatever the stride and dilation.
//
// A slab is a box of positions, which a worker goes through plane by plane. Of D
// only the cells that one plane needs are there, in a ring: the cell of the next
// plane takes the place of the oldest. From the outermost, a staged channel has the
// residues of W, the slots of the ring, the residues of D and of H, the cells of H,
// those of W, and the samples (lanes) of a group. Neighbouring positions of a row
// are then one run of memory, and so are all rows of a plane: from the end of a row
// to the start of the next the run goes over a gap of cells whose results are
// dropped.
//
// Src in NCX16n may also stay where it is, if its cells of W lie side by side as they
// are. Nothing is copied then, there is no ring and no padding, and no tap may be asked
// for that lies outside.
type staging struct {
	axes   *[3]axis
	inSrc  bool
	lanes  int    // samples of a group
	cells  [3]int // staged cells of each residue; of D the slots of the ring
	pitch  int    // floats of a row
	plane  int    // floats of the rows of one cell of D and its residue
	slot   int    // floats of a slot
	length int    // floats of a channel
	rows   []rowCopy

	contiguous bool // the staged rows of a plane are neighbouring rows of src, whole
}

// newStaging is the staging of slabs of rows x W positions, as many planes as there
// are.
func newStaging(axes *[3]axis, lanes, rows int, inSrc bool) staging {
	d, h, w := &axes[0], &axes[1], &axes[2]
	s := staging{axes: axes, lanes: lanes, inSrc: inSrc}
	s.cells = [3]int{max(d.reach, 1), rows + max(h.reach-1, 0), w.positions + max(w.reach-1, 0)}
	if inSrc {
		s.pitch = w.src * lanes
		s.plane = h.src * s.pitch
		s.length = d.src * s.plane
		return s
	}
	s.pitch = s.cells[2] * lanes
	s.plane = len(h.residues) * s.cells[1] * s.pitch
	s.slot = len(d.residues) * s.plane
	s.length = len(w.residues) * s.cells[0] * s.slot
	for _, r := range w.residues {
		s.rows = append(s.rows, newRowCopy(w, r, s.cells[2]))
	}
	s.contiguous = h.step == 1 && len(h.residues) == 1 && w.step == 1 && len(w.residues) == 1 &&
		s.rows[0] == rowCopy{hi: w.src, step: 1} && s.cells[2] == w.src
	return s
}

// run is the number of floats from the first position of some rows to the last.
func (s *staging) run(rows, cols int) int { return (rows-1)*s.pitch + cols*s.lanes }

// phases is the number of planes after which the places of taps are the same again.
func (s *staging) phases() int {
	if s.inSrc {
		return 1
	}
	return s.cells[0]
}

// position is the place of a position of a plane, whose slab starts at row firstRow. With
// those of a tap along D, and along H and W, it adds up to the place of the tap.
func (s *staging) position(plane, h, w, firstRow int) int {
	if s.inSrc {
		return plane*s.axes[0].step*s.plane + h*s.axes[1].step*s.pitch + w*s.lanes
	}
	return (h-firstRow)*s.pitch + w*s.lanes
}

func (s *staging) planeOffset(plane int, d tap) int {
	if s.inSrc {
		return s.axes[0].offset(d) * s.plane
	}
	return (plane+d.shift)%s.cells[0]*s.slot + d.residue*s.plane
}

func (s *staging) rowOffset(h, w tap) int {
	if s.inSrc {
		return s.axes[1].offset(h)*s.pitch + s.axes[2].offset(w)*s.lanes
	}
	return w.residue*s.cells[0]*s.slot + (h.residue*s.cells[1]+h.shift)*s.pitch + w.shift*s.lanes
}

// window is the number of floats of a channel that a plane needs.
func (s *staging) window() int {
	if s.inSrc {
		return s.cells[0] * s.cells[1] * s.pitch
	}
	return s.length
}

// stage writes one cell of D of a channel for a slab whose first row of positions
// is firstRow. Planes outside src are left alone: no tap is asked for there.
func (s *staging) stage(k *kernels, dst []float32, src batchRow, cell, firstRow int) {
	d, h, w := &s.axes[0], &s.axes[1], &s.axes[2]
	for r, row := range s.rows {
		at := (r*s.cells[0] + cell%s.cells[0]) * s.slot
		for _, residue := range d.residues {
			z := cell*d.step + d.origin + residue
			if z < 0 || z >= d.src {
				at += s.plane
				continue
			}
			if s.contiguous {
				s.stagePlane(k, dst[at:at+s.plane], src.from(z*h.src*w.src), firstRow)
				at += s.plane
				continue
			}
			for c := range len(h.residues) * s.cells[1] {
				to := dst[at : at+s.pitch]
				at += s.pitch
				if y := h.source(c, s.cells[1], firstRow); y < 0 || y >= h.src {
					clear(to)
				} else {
					row.copy(k, to, src.from((z*h.src+y)*w.src), s.lanes)
				}
			}
		}
	}
}

// stagePlane is stage for one plane whose staged rows are those of src, one after the
// other.
func (s *staging) stagePlane(k *kernels, dst []float32, src batchRow, firstRow int) {
	h, w := &s.axes[1], &s.axes[2]
	first := h.source(0, s.cells[1], firstRow)
	inside := span{max(first, 0), min(first+s.cells[1], h.src)}
	if inside.size() == 0 {
		clear(dst)
		return
	}
	lo, hi := (inside.lo-first)*s.pitch, (inside.hi-first)*s.pitch
	clear(dst[:lo])
	clear(dst[hi:])
	k.stage(dst[lo:hi], src.from(inside.lo*w.src), 1, s.lanes)
}

// rowCopy copies rows of src, for one residue of W, to staged rows: cells lo to hi
// lie inside the row, the first of them at from, the others every step.
type rowCopy struct{ lo, hi, from, step int }

func newRowCopy(w *axis, residue, cells int) rowCopy {
	start := w.origin + residue
	c := rowCopy{
		lo: max(0, ceilDiv(-start, w.step)), hi: min(cells, floorDiv(w.src-1-start, w.step)+1),
		step: w.step,
	}
	if c.lo >= c.hi {
		return rowCopy{step: w.step}
	}
	c.from = c.lo*w.step + start
	return c
}

// copy fills a staged row.
func (c rowCopy) copy(k *kernels, dst []float32, src batchRow, lanes int) {
	clear(dst[:c.lo*lanes])
	clear(dst[c.hi*lanes:])
	if c.lo == c.hi {
		return
	}
	k.stage(dst[c.lo*lanes:c.hi*lanes], src.from(c.from), c.step, lanes)
}
