package ops

// direct is a convolution, or the data gradient of one, with channels in lanes: a
// direct convolution in NCX16c (Georganas et al., SC 2018). A row of results is a sum
// over taps, and for each over blocks of input channels, of an element of src for
// every position times a vector of weights; nothing is rearranged but rows that need
// zeros around them. Where rows are narrow it is as many samples, at one position, that
// are a row of results.
//
// src may also be plain, with fewer channels than a block has. Its rows are staged with
// the channels innermost then, and a tap is all channels of a row of the kernel.
//
// The order in which the products of an element are added depends on the number of
// channels, the kernel and the length of a row alone, as in a gather.
type direct struct {
	kern      kernels
	n, groups int
	in, out   int // channels of a group
	axes      [3]axis
	weights   blockedWeights
	bias      bool
	post      Activation
	narrow    bool        // src is plain
	role      blockedRole // blockedData may become a blockedRow

	tiles  evenBlocks // of blocks of output channels, for a kernel
	passes evenBlocks // of blocks of input channels: what is summed in a go
	// abreast says that the rows of a tile are a position of so many samples, instead
	// of the positions of a row.
	abreast bool
	work    partition // chunks are of tiles
	source  directSource
	picked  picking
	parts   []directPart
	gaps    bool // some part has no taps
	dst     int  // positions of a channel of dst
	packed  bool
	info    Info
}

// newDirect plans a direct convolution of which n, groups, in, out, axes, weights,
// bias, post, narrow and packed are set, for a number of cores.
func newDirect(g direct, info Info, cores int) (Primitive, error) {
	g.kern = currentKernels()
	g.dst = g.axes[0].dst * g.axes[1].dst * g.axes[2].dst
	g.axes = mergeAxes(g.axes, rowLength)
	g.plan(cores)
	g.info = info
	g.info.Impl = "direct:" + g.kern.name()
	g.info.Cycles = g.cycles()
	g.info.Scratch = g.stagedAt()
	if g.source.shared {
		g.info.Scratch += g.source.staged
	} else {
		g.info.ScratchPerWorker = g.source.staged
	}
	p := newPhased(g.info,
		phase{g.preparations(), func(c *call, _, part int) { g.prepare(c, part) }},
		phase{g.work.total(), g.compute})
	p.streams = g.chains()
	return p, nil
}

// biasLen is the length of the bias in whole blocks.
func (g *direct) biasLen() int {
	if !g.bias {
		return 0
	}
	return wholeBlocks(g.groups * g.out)
}

// stagedAt is where staged src starts in shared scratch memory, behind the bias and
// packed weights.
func (g *direct) stagedAt() int {
	if g.packed {
		return RoundUp(g.biasLen())
	}
	return RoundUp(g.biasLen() + g.weights.length())
}

// preparations is the number of parts of the work that comes first: the bias, blocks of
// weights and blocks of src.
func (g *direct) preparations() int {
	n := g.biasParts()
	if g.n > 0 && !g.packed {
		n += g.weights.parts()
	}
	if g.source.shared {
		n += g.sharedBlocks()
	}
	return n
}

// biasParts is 1 where there is a bias to copy.
func (g *direct) biasParts() int { return min(g.biasLen(), 1) }

// prepare copies the bias where it has whole blocks, packs weights, and stages src.
func (g *direct) prepare(c *call, part int) {
	shared := c.x.Shared(&g.info)
	if part -= g.biasParts(); part < 0 {
		clear(shared[copy(shared, c.in[2]):g.biasLen()])
		return
	}
	if !g.packed {
		if part < g.weights.parts() {
			g.weights.pack(&g.kern, shared[g.biasLen():], c.in[1], part)
			return
		}
		part -= g.weights.parts()
	}
	g.stageShared(shared[g.stagedAt():], c.in[0], part)
}

// operands are the packed weights and the bias in whole blocks.
func (g *direct) operands(c *call) (weights, bias []float32) {
	shared := c.x.Shared(&g.info)
	weights = c.in[1]
	if !g.packed {
		weights = shared[g.biasLen():]
	}
	if g.bias {
		bias = shared[:g.biasLen()]
	}
	return weights, bias
}

// inBlocks is the number of blocks of a group's input channels.
func (g *direct) inBlocks() int { return ceilDiv(g.in, Block) }

// outBlocks is that of output channels.
func (g *direct) outBlocks() int { return ceilDiv(g.out, Block) }
