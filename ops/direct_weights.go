package ops

// directWeights is the weight gradient of a direct convolution. An item is a slab of
// positions of a few samples, small enough for what is read of diffDst to stay in the
// L1 cache. For every block of channels of src and tap of the kernel a kernel adds up
// the item's positions: elements of src times vectors of diffDst, both where they lie.
// While it does so, it asks for the memory of the next item. Items are summed in a fixed
// number of copies of the gradient, which are added in order at the end.
type directWeights struct {
	direct
	biasSum biasSource
	srcOf   int // which input is src
	diffOf  int // which is diffDst

	copies evenBlocks // of items
	ins    evenBlocks // chunks of blocks of input channels
	strips [][]strip  // of each slab
	last   [][]strip  // of each slab of the last samples, where they are fewer
}

// strip is what one tap of the kernel, or all of a row of it in a narrow src, adds up
// in a slab.
type strip struct {
	kernel int // the first tap
	rows   int // taps of a narrow src, times its channels, or taps alone with depthwise;
	// 0 stands for a block's channels
	taps *blockedTaps
	// With lines, as many rows of taps are done at once, so far from one another in src.
	lines, apart int
}

const (
	// itemFloats is the size of an item's part of diffDst and of a block of src.
	itemFloats = 10 << 10

	// itemRow is the length of rows that axes are cut into which do nothing: see
	// mergeAxes.
	itemRow = 126

	// weightParts is the number of parts to divide a weight gradient into, if that can
	// be had without much reading.
	weightParts = 32
)

// newDirectWeights plans the gradient of which direct's shapes, srcOf and diffOf are
// set.
func newDirectWeights(g directWeights, info Info) (Primitive, error) {
	g.divideWork()
	g.biasSum.loops = g.kern.loops
	g.info = info
	g.info.Impl = "direct:" + g.kern.name()
	g.info.Cycles = g.weightCycles()
	g.info.Scratch = g.stagedAt()
	stagings := 0
	if g.source.shared {
		g.info.Scratch += g.source.staged
		stagings = g.sharedBlocks()
	} else {
		g.info.ScratchPerWorker = g.source.staged
	}
	main, biases := g.partCount(), 0
	if g.biasSum.wanted {
		biases = g.biasSum.parts()
	}
	return newPhased(g.info,
		phase{stagings, func(c *call, _, part int) { g.stageShared(g.stagedShared(c), c.in[g.srcOf], part) }},
		phase{main + biases, func(c *call, worker, part int) {
			if part < main {
				g.compute(c, worker, part)
			} else {
				g.biasSum.sum(c, g.n, part-main)
			}
		}},
		phase{g.combinations(), g.combine}), nil
}

// divideWork plans items and parts.
func (g *directWeights) divideWork() {
	g.kern = currentKernels()
	g.dst = g.axes[0].dst * g.axes[1].dst * g.axes[2].dst
	g.pickCells()
	g.axes = mergeAxes(g.axes, itemRow)
	g.planItems()
	g.planParts()
}

// stagedAt is where staged src starts in shared scratch memory, behind the copies.
func (g *directWeights) stagedAt() int {
	if g.inPlace() {
		return 0
	}
	return RoundUp(g.copies.count * g.weights.length())
}

// stagedShared is the memory of src that is staged for all parts.
func (g *directWeights) stagedShared(c *call) []float32 { return c.x.Shared(&g.info)[g.stagedAt():] }

// inPlace says that the sums are the result.
func (g *directWeights) inPlace() bool { return g.packed && g.copies.count == 1 }

func (g *directWeights) partCount() int {
	return g.copies.count * g.groups * g.work.chunks.count * g.ins.count
}

// combinations is the number of parts of the work that comes last.
func (g *directWeights) combinations() int {
	if g.inPlace() {
		return 0
	}
	return g.weights.parts()
}

// sums is the memory of a copy of the gradient.
func (g *directWeights) sums(c *call, i int) []float32 {
	if g.inPlace() {
		return c.out[0]
	}
	return c.x.Shared(&g.info)[i*g.weights.length():][:g.weights.length()]
}

// combine adds the copies of one pair of blocks.
func (g *directWeights) combine(c *call, _, part int) {
	size := g.weights.inBlock()
	first := g.sums(c, 0)[part*size:][:size]
	to := first
	if g.packed {
		to = c.out[0][part*size:][:size]
	}
	for i := 1; i < g.copies.count; i++ {
		g.kern.loops.add(to, first, g.sums(c, i)[part*size:][:size])
		first = to
	}
	if !g.packed {
		g.weights.unpack(&g.kern, c.out[0], g.sums(c, 0), part)
	}
}
