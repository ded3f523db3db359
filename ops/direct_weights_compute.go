package ops

// directWeightsJob is one part: chunks of the channels of one group, in the items of
// one copy.
type directWeightsJob struct {
	*directWeights
	src, diff, sums []float32
	group           int
	tiles           span // of blocks of output channels
	blocks          span // of input channels
}

func (g *directWeights) compute(c *call, worker, part int) {
	j := directWeightsJob{directWeights: g, src: c.in[g.srcOf], diff: c.in[g.diffOf]}
	j.tiles.lo, j.tiles.hi = g.work.chunks.bounds(part % g.work.chunks.count)
	part /= g.work.chunks.count
	j.blocks.lo, j.blocks.hi = g.ins.bounds(part % g.ins.count)
	part /= g.ins.count
	j.group = part % g.groups
	j.sums = g.sums(c, part/g.groups)
	first, end := g.copies.bounds(part / g.groups)
	if first == end || g.packed && g.in%Block > 0 {
		j.clear()
	}
	for item := first; item < end; item++ {
		p := place{group: j.group, slab: g.work.slabs.at(item % g.work.slabs.total())}
		p.samples.lo, p.samples.hi = g.work.samples.bounds(item / g.work.slabs.total())
		strips := g.strips
		if p.samples.size() < g.work.samples.size {
			strips = g.last
		}
		src := j.src
		switch {
		case g.source.shared:
			src = g.stagedShared(c)[g.sampleAt(&p, p.samples.lo):]
		case g.source.staged > 0:
			src = c.x.Worker(&g.info, worker)
			g.stage(src, j.src, &p, j.blocks)
		default:
			src = src[(p.samples.lo*g.groups+p.group)*g.inBlocks()*g.source.block:]
		}
		j.add(src, p.samples.lo, strips[item%g.work.slabs.total()], item > first)
	}
}

// clear sets the part's sums to zero, for want of items, or for the channels that fill
// up a block.
func (j *directWeightsJob) clear() {
	for t := j.tiles.lo; t < j.tiles.hi; t++ {
		lo, hi := j.direct.tiles.bounds(t)
		for o := lo; o < hi; o++ {
			at := (j.group*j.outBlocks() + o) * j.weights.block()
			clear(j.sums[at+j.blocks.lo*j.weights.inBlock() : at+j.blocks.hi*j.weights.inBlock()])
		}
	}
}

// add adds what an item gives, whose samples start at n and whose src at src.
func (j *directWeightsJob) add(src []float32, n int, strips []strip, accumulate bool) {
	for t := j.tiles.lo; t < j.tiles.hi; t++ {
		lo, hi := j.direct.tiles.bounds(t)
		diff := j.diff[(n*j.groups*j.outBlocks()+j.group*j.outBlocks()+lo)*j.dst*Block:]
		sums := j.sums[(j.group*j.outBlocks()+lo)*j.weights.block():]
		for b := j.blocks.lo; b < j.blocks.hi; {
			lines := j.lines(b)
			for i := range strips {
				s := &strips[i]
				rows, at, aLine, cLine := s.rows, lines, j.source.block, j.weights.inBlock()
				if rows == 0 {
					rows = min(j.in-b*Block, Block)
				}
				if s.lines > 0 {
					at, aLine, cLine = s.lines, s.apart, s.rows*Block
				}
				j.kern.blocked(blocked{
					role: j.role, rows: rows, blocks: hi - lo,
					a: src[b*j.source.block:], b: diff, c: sums[j.weights.tap(b, s.kernel):],
					taps: s.taps, aRow: j.aRow(), aStep: j.axes[2].step * j.source.pixel,
					bVector: j.dst * Block, cRow: Block, cVector: j.weights.block(),
					lines: at, aLine: aLine, cLine: cLine,
					accumulate: accumulate,
				})
			}
			b += lines
		}
	}
}

// lines is the number of blocks of src from b on that one call takes: all whole ones
// for a kernel of 1, and else one, which stays in the L1 cache for all taps.
func (j *directWeightsJob) lines(b int) int {
	if whole := min(j.blocks.hi, j.in/Block) - b; whole > 0 && volume(j.weights.kernel) == 1 {
		return whole
	}
	return 1
}

// aRow is the distance of rows of src: of channels, or of taps.
func (j *directWeightsJob) aRow() int {
	if j.role == blockedDepthwise {
		return j.tapStep() * j.source.pixel
	}
	return 1
}
