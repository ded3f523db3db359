package ops

// directWeightsJob is one part: chunks of the channels of one group, in the items of
// one copy.
type directWeightsJob struct {
	*directWeights
	src, diff, sums []float32
	group           int
	tiles           span // of blocks of output channels
	ahead           ahead
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
	var next weightItem
	if first < end {
		next = g.item(first)
	}
	for item := first; item < end; item++ {
		here := next
		j.ahead = ahead{}
		if item+1 < end {
			next = g.item(item + 1)
			j.ahead = g.distance(&here, &next)
		}
		j.add(j.itemSrc(c, worker, &here), &here, item > first)
	}
}

// itemSrc is where an item's src starts, after it has been staged if it has to be.
func (j *directWeightsJob) itemSrc(c *call, worker int, item *weightItem) []float32 {
	p := place{group: j.group, slab: item.slab, samples: item.samples}
	switch {
	case j.source.shared:
		return j.stagedShared(c)[j.sampleAt(&p, p.samples.lo):]
	case j.source.staged > 0:
		staged := c.x.Worker(&j.info, worker)
		j.stage(staged, j.src, &p, j.blocks)
		return staged
	}
	return j.src[(p.samples.lo*j.groups+p.group)*j.inBlocks()*j.source.block:]
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

// add adds what an item gives, whose src starts at src.
func (j *directWeightsJob) add(src []float32, item *weightItem, accumulate bool) {
	for t := j.tiles.lo; t < j.tiles.hi; t++ {
		lo, hi := j.direct.tiles.bounds(t)
		first := j.group*j.outBlocks() + lo
		call := blocked{
			role: j.role, blocks: hi - lo, b: j.diff[(item.samples.lo*j.groups*j.outBlocks()+first)*j.dst*Block:],
			aRow: j.aRow(), aStep: j.axes[2].step * j.source.pixel,
			bVector: j.dst * Block, cRow: Block, cVector: j.weights.block(),
			accumulate: accumulate, ahead: j.ahead,
		}
		if j.role == blockedRowGradient {
			call.blocks, call.bVector, call.cVector = rowTaps, 0, j.weights.step()*Block
		}
		call.ahead.blocks = min(j.ahead.blocks, hi-lo)
		if t < j.tiles.hi-1 {
			call.ahead.a = 0 // src is the same for all tiles
		}
		sums := j.sums[first*j.weights.block():]
		for b := j.blocks.lo; b < j.blocks.hi; {
			lines := j.lines(b)
			for i := range item.strips {
				j.addStrip(call, &item.strips[i], b, lines, src, sums)
				call.ahead.skip(lines, call.bVector)
			}
			b += lines
		}
	}
}

// addStrip completes a call, and makes it, for a strip and a line or several from a block
// of src on.
func (j *directWeightsJob) addStrip(call blocked, s *strip, b, lines int, src, sums []float32) {
	call.a, call.c, call.taps = src[b*j.source.block:], sums[j.weights.tap(b, s.kernel):], s.taps
	call.rows, call.lines, call.aLine, call.cLine = s.rows, lines, j.source.block, j.weights.inBlock()
	if s.rows == 0 {
		call.rows = min(j.in-b*Block, Block)
	}
	if s.lines > 0 {
		call.lines, call.aLine, call.cLine = s.lines, s.apart, s.rows*Block
	}
	j.kern.blocked(call)
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
