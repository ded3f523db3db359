package ops

// directSource is how the src of a direct convolution lies: where it is, or staged with
// zeros between rows. Distances are in floats.
type directSource struct {
	staged int  // floats of scratch memory; 0 where src is read where it is
	shared bool // staged once for all parts, and not for each part by itself
	zeros  bool // rows outside src are staged, too

	pixel, row, plane int // between neighbours along W, H and D
	block, sample     int // between blocks of channels, and samples
	length            int // of what is copied of a row

	// Of staged src: the zeros between rows, some of them at the end of the one and the
	// others at the start of the next; those before the first row; the first cell of D
	// and H that a tap takes at position 0; and the cells of each that are there.
	gap, left int
	first     [2]int
	cells     [2]int
}

// newSource stages src if it is plain, or if a tap takes cells beyond the ends of a row.
func (g *direct) newSource() directSource {
	lowest, highest := g.axes[2].bounds()
	if g.abreast || g.role == blockedRow || !g.narrow && lowest >= 0 && highest < g.axes[2].src {
		return g.unstaged()
	}
	return g.stagedSource(g.work.chunks.count > 1)
}

// unstaged is src where it is.
func (g *direct) unstaged() directSource {
	s := directSource{pixel: Block, row: g.axes[2].src * Block}
	s.plane = g.axes[1].src * s.row
	s.block = g.axes[0].src * s.plane
	s.sample = g.groups * g.inBlocks() * s.block
	return s
}

// stagedSource is src with zeros between rows, for each part by itself, or shared by
// all.
func (g *direct) stagedSource(shared bool) directSource {
	s := directSource{pixel: Block, shared: shared}
	if g.narrow {
		s.pixel = g.in
	}
	lowest, highest := g.axes[2].bounds()
	right := max(0, highest-g.axes[2].src+1)
	s.left = max(0, -lowest) * s.pixel
	s.gap = max(s.left, right*s.pixel)
	s.length = g.axes[2].src * s.pixel
	rows, samples := &g.work.slabs, g.work.samples.size
	sizes := [2]int{rows.planes.size, rows.rows.size}
	if s.shared {
		sizes, samples = [2]int{rows.planes.n, rows.rows.n}, g.n*g.groups
	}
	for a, n := range sizes {
		lo, hi := g.axes[a].tapBounds()
		s.first[a], s.cells[a] = lo, (n-1)*g.axes[a].step+hi-lo+1
	}
	s.row = s.length + s.gap
	s.plane = s.cells[1] * s.row
	s.block = s.left + s.cells[0]*s.plane
	s.sample = g.inBlocks() * s.block
	s.staged = RoundUp(samples * s.sample)
	if s.shared {
		s.sample *= g.groups
	}
	return s
}

// origin is the cell that lies at the start of a block for a slab, along each axis.
func (g *direct) origin(b slab) (o [3]int) {
	s := &g.source
	switch {
	case s.staged == 0:
		return o
	case s.shared:
		b = slab{}
	}
	return [3]int{b.planes.lo*g.axes[0].step + s.first[0], b.rows.lo*g.axes[1].step + s.first[1], -s.left / s.pixel}
}

// sampleAt is where a sample starts, of the group of a place.
func (g *direct) sampleAt(p *place, n int) int {
	if s := &g.source; s.staged > 0 && !s.shared {
		return (n - p.samples.lo) * s.sample
	}
	return n*g.source.sample + p.group*g.inBlocks()*g.source.block
}

// stage copies what a place needs of some blocks of src. Unless they are to be zeros,
// planes and rows outside src are left alone: no tap is asked for there.
func (g *direct) stage(staged, src []float32, p *place, blocks span) {
	s, d, h := &g.source, &g.axes[0], &g.axes[1]
	origin := g.origin(p.slab)
	for n := p.samples.lo; n < p.samples.hi; n++ {
		for b := blocks.lo; b < blocks.hi; b++ {
			to := staged[g.sampleAt(p, n)+b*s.block:][:s.block]
			clear(to[:s.left])
			to = to[s.left:]
			for z := range s.cells[0] {
				for y := range s.cells[1] {
					fromZ, fromY := origin[0]+z, origin[1]+y
					if fromZ >= 0 && fromZ < d.src && fromY >= 0 && fromY < h.src {
						g.stageRow(to[z*s.plane+y*s.row:], src, n*g.groups+p.group, b, fromZ*h.src+fromY)
					} else if s.zeros {
						clear(to[z*s.plane+y*s.row:][:s.length])
					}
					if end := z*s.plane + (y+1)*s.row; s.gap > 0 {
						clear(to[end-s.gap : end])
					}
				}
			}
		}
	}
}

// stageRow copies a row of a block of channels.
func (g *direct) stageRow(to, src []float32, group, block, row int) {
	s, width := &g.source, g.axes[2].src
	to = to[:s.length]
	size := g.axes[0].src * g.axes[1].src * width
	switch {
	case g.picks():
		size = volume(g.picked.src)
		g.pickRow(to, src[(group*g.inBlocks()+block)*size*Block:], row*width)
	case g.narrow:
		g.kern.interleave(to, samples{src[group*g.in*size+row*width:], size, g.in}, 1, g.in)
	default:
		copy(to, src[((group*g.inBlocks()+block)*size+row*width)*Block:])
	}
}

// sharedBlocks is the number of blocks of src, each of which is staged by itself where
// all parts share them.
func (g *direct) sharedBlocks() int { return g.n * g.groups * g.inBlocks() }

func (g *direct) stageShared(staged, src []float32, i int) {
	block := i % g.inBlocks()
	i /= g.inBlocks()
	p := place{group: i % g.groups, samples: span{i / g.groups, i/g.groups + 1}}
	g.stage(staged, src, &p, span{block, block + 1})
}
