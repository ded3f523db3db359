package ops

// weightGradient sums diffDst[n, oc, o]·src[n, ic, o·stride + k·dilation − padLo]
// over samples and positions. An item is one slab of a group of samples, which a
// worker goes through plane by plane for each block of input channels: src is
// staged as for the convolution, a plane of diffDst with the same distances between
// positions, so that a weight's gradient is a dot product of the two, shifted by the
// weight's tap. Items are summed in a fixed number of copies of the gradient, which
// are added in order at the end.
type weightGradient struct {
	tiling
	kernel [3]int
	bias   biasSource
	srcOf  int // which input is src
	diffOf int // which is diffDst

	copies    evenBlocks // of items
	taps      *polyphase // a convolution has but one component
	tapGroups []tapGroup
	orders    map[int]gradientOrder // for each number of channels of a block
	direct    bool                  // diffDst is not staged
	pitch     int                   // floats between its rows
	stride    int                   // and between its channels, in scratch memory or where it is
	atOnce    int                   // rows that a dot takes at once
	alike     bool                  // for most rows the same taps along H lie inside src
	info      Info
}

const (
	// Private copies of the gradient let workers sum different items. More than 16
	// copies, or more than 64 MiB of them, cost more than they bring.
	maxCopies      = 16
	maxCopiesFloat = 1 << 24

	// runFloats is the number of floats of a run that a dot takes at once: four rows of
	// them stay in the L1 cache, with what a tile of offsets reads. That is less where
	// these are neighbours along W, and then it may be wideRunFloats.
	runFloats     = 1536
	wideRunFloats = 2048

	// gradientCycles is the cost, in cycles, of an element of a copy.
	gradientCycles = 3
)

// newWeightGradient plans the gradient of which n, groups, in, out, axes, kernel,
// bias, srcOf and diffOf are set.
func newWeightGradient(g weightGradient, info Info) (Primitive, error) {
	g.kern = currentKernels()
	g.bias.loops = g.kern.loops
	g.plan()
	g.info = info
	g.info.Impl = "dot:" + g.kern.name()
	g.info.Cycles = g.cycles(&g.work, &g)
	g.info.Scratch = g.copies.count * g.groups * g.out * g.row()
	g.info.ScratchPerWorker = g.staged()
	if !g.direct {
		g.info.ScratchPerWorker += g.work.chunks.largest() * g.outBlocks.largest() * g.stride
	}
	main := g.copies.count * g.groups * g.work.chunks.count
	channels := 0
	if g.bias.wanted {
		channels = g.bias.parts()
	}
	return newPhased(g.info,
		phase{main + channels, func(c *call, worker, part int) {
			if part < main {
				g.compute(c, worker, part)
			} else {
				g.bias.sum(c, g.n, part-main)
			}
		}},
		overRanges(divideRows(g.groups*g.out, g.in*volume(g.kernel)), g.combine)), nil
}

// row is the number of weights of an output channel that have a gradient: those
// whose tap is in the image somewhere.
func (g *weightGradient) row() int { return g.in * len(g.taps.kernel) }

// items is the number of items of a group.
func (g *weightGradient) items() int { return g.work.samples.parts * g.work.slabs.total() }

// plan decides how the work is divided and staged. It must not know the number of
// cores, since the order in which items are summed follows from it.
func (g *weightGradient) plan() {
	g.outBlocks = newEvenBlocks(g.out, g.kern.dotRows)
	full := g.n%Block == 0 // else some lanes hold no sample
	g.inSrc = full && g.from == NCX16n && g.axes[2].step == 1
	g.inDst = full && g.to == NCX16n
	for size := g.in; ; size = (size + 1) / 2 { // the largest block with which most rows fit
		g.inBlocks = newEvenBlocks(g.in, size)
		g.begin(g)
		if size <= leastChannels || 2*g.work.slabs.rows.size > g.axes[1].positions {
			break
		}
	}
	g.divide(maxCopies, g, func() (int, float64) {
		n := min(g.items(), maxCopies) * g.groups * g.work.chunks.count
		return n, 1 / float64(max(n, 1))
	}, func() bool { return true })
	g.taps = &polyphases(&g.staging, g.kernel)[0]
	weights := max(g.groups*g.out*g.row(), 1)
	g.copies = evenBlocks{g.items(), max(1, min(g.items(), maxCopies, maxCopiesFloat/weights))}

	rows, cols := g.work.slabs.rows.size, g.axes[2].positions*g.staging.lanes
	g.pitch = cols
	if !g.work.rowwise {
		g.pitch = g.staging.pitch
	}
	g.stride = RoundUp(rows * g.pitch)
	if g.direct = g.inDst && g.work.rowwise; g.direct {
		g.stride = g.axes[0].dst * g.axes[1].dst * cols
	}
	g.alike = g.rowsAlike()
	g.tapGroups = g.groupTaps(&g.staging)
	g.atOnce = max(1, g.atOnceFloats(&g.staging)/g.pitch)
	g.orders = map[int]gradientOrder{}
	for i := range g.inBlocks.count {
		lo, hi := g.inBlocks.bounds(i)
		if _, ok := g.orders[hi-lo]; !ok {
			g.orders[hi-lo] = g.newOrder(hi - lo)
		}
	}
}

// channels are the output channels of a chunk.
func (g *weightGradient) channels(chunk int) (c span) {
	lo, hi := g.work.chunks.bounds(chunk)
	c.lo, _ = g.outBlocks.bounds(lo)
	_, c.hi = g.outBlocks.bounds(hi - 1)
	return c
}

// rows counts a plane of rows that are runs of their own, with what tiles of dot waste
// at the end of a list of offsets.
func (g *weightGradient) rows(_ *component, s *staging, rows int) (cycles float64, runs int) {
	groups := g.groupTaps(s)
	tile := g.kern.dotOffsets[g.outBlocks.largest()]
	for _, group := range groups {
		offsets := group.taps.size() * g.inBlocks.largest()
		if g.rowsAlike() {
			offsets *= mostTaps(g.axes[:2])
		}
		waste := float64(ceilDiv(offsets, tile)*tile) / float64(offsets)
		cycles += waste * float64(group.taps.size()) * g.plane(group.cols.size()*s.lanes, rows)
	}
	return cycles, len(groups)
}

// atOnceFloats is the length of what a dot takes at once.
func (g *weightGradient) atOnceFloats(s *staging) int {
	if len(g.groupTaps(s)) > 1 {
		return runFloats
	}
	return wideRunFloats
}

// plane counts the multiplications of dot, and the sums over lanes that come once
// for all that it takes at once.
func (g *weightGradient) plane(length, runs int) float64 {
	sums := ceilDiv(length*runs, runFloats)
	return float64(g.out) * (float64(runs)*g.kern.dotCycles(length) + float64(sums)*g.kern.sumCycles)
}

// besides counts the copies of the gradient, which are cleared, written and added.
func (g *weightGradient) besides(w *partition) float64 {
	weights := g.groups * g.out * g.in * volume(g.kernel)
	return gradientCycles * float64(weights*min(w.samples.parts*w.slabs.total(), maxCopies))
}
