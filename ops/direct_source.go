package ops

// directSource is how the src of a direct convolution lies: where it is, or staged
// for a slab, with zeros at the ends of rows. Distances are in floats.
type directSource struct {
	staged int // floats of a worker's scratch memory; 0 where src is read where it is

	pixel, row, plane int // between neighbours along W, H and D
	block, sample     int // between blocks of channels, and samples
	length            int // of what is copied of a row

	// Of staged src: the zeros before a row, in pixels, the first cell of D and H
	// that a tap takes at position 0, and the cells of each that a slab needs.
	left  int
	first [2]int
	cells [2]int
}

// newSource stages src if it is plain or a tap takes cells beyond the ends of a
// row.
func (g *direct) newSource() directSource {
	lowest, highest := g.axes[2].bounds()
	if !g.narrow && lowest >= 0 && highest < g.axes[2].src {
		return g.unstaged()
	}
	return g.stagedSource(max(0, -lowest), max(0, highest-g.axes[2].src+1))
}

// unstaged is src where it is.
func (g *direct) unstaged() directSource {
	s := directSource{pixel: Block, row: g.axes[2].src * Block}
	s.plane = g.axes[1].src * s.row
	s.block = g.axes[0].src * s.plane
	s.sample = g.groups * g.inBlocks() * s.block
	return s
}

// stagedSource is src with zeros at the ends of rows, in pixels.
func (g *direct) stagedSource(left, right int) directSource {
	s := directSource{pixel: Block, left: left}
	if g.narrow {
		s.pixel = g.in
	}
	s.length = g.axes[2].src * s.pixel
	for a, n := range []int{g.work.slabs.planes.size, g.work.slabs.rows.size} {
		lo, hi := g.axes[a].tapBounds()
		s.first[a], s.cells[a] = lo, (n-1)*g.axes[a].step+hi-lo+1
	}
	s.row = s.length + (left+right)*s.pixel
	s.plane = s.cells[1] * s.row
	s.block = s.cells[0] * s.plane
	s.sample = g.inBlocks() * s.block
	s.staged = RoundUp(g.work.samples.size * s.sample)
	return s
}

// origin is the cell that lies at the start of memory for a slab, along each axis.
func (s *directSource) origin(axes *[3]axis, b *slab) (o [3]int) {
	if s.staged == 0 {
		return o
	}
	return [3]int{
		b.planes.lo*axes[0].step + s.first[0],
		b.rows.lo*axes[1].step + s.first[1],
		-s.left,
	}
}

// stage copies what a place needs of src. Planes and rows outside src are left alone:
// no tap is asked for there.
func (g *direct) stage(staged, src []float32, p *place) {
	s, d, h := &g.source, &g.axes[0], &g.axes[1]
	origin := s.origin(&g.axes, &p.slab)
	for n := p.samples.lo; n < p.samples.hi; n++ {
		for b := range g.inBlocks() {
			for z := range s.cells[0] {
				for y := range s.cells[1] {
					fromZ, fromY := origin[0]+z, origin[1]+y
					if fromZ < 0 || fromZ >= d.src || fromY < 0 || fromY >= h.src {
						continue
					}
					to := staged[(n-p.samples.lo)*s.sample+b*s.block+z*s.plane+y*s.row:][:s.row]
					g.stageRow(to, src, n*g.groups+p.group, b, fromZ*h.src+fromY)
				}
			}
		}
	}
}

// stageRow copies a row of a block of channels, and the zeros around it.
func (g *direct) stageRow(to, src []float32, group, block, row int) {
	s := &g.source
	clear(to[:s.left*s.pixel])
	clear(to[s.left*s.pixel+s.length:])
	to = to[s.left*s.pixel:][:s.length]
	size, width := g.axes[0].src*g.axes[1].src*g.axes[2].src, g.axes[2].src
	if g.narrow {
		g.kern.interleave(to, samples{src[group*g.in*size+row*width:], size, g.in}, 1, g.in)
		return
	}
	copy(to, src[((group*g.inBlocks()+block)*size+row*width)*Block:])
}
