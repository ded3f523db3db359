package ops

// gather is a convolution or the data gradient of one. A worker takes a slab of a
// group of samples, one group of channels and a chunk of output channels at a
// time. It goes through the input channels in blocks and, for each, through the
// planes of the slab: it stages what the plane needs, and for each polyphase
// component and block of output channels lets brgemm add to a tile, of scratch
// memory or of dst. After the last block of input channels the tile gets bias and
// activation and is copied to dst, unless it is there.
//
// The order in which the products of an element are added depends on the number of
// channels and the kernel alone. A sample's result has the same bits in any batch,
// and however the work is divided: that may follow the number of cores.
type gather struct {
	tiling
	parts    []polyphase
	rowPlans []*rowPlan // of each
	weights  packing
	bias     bool
	post     Activation

	dst         int  // size of a channel of dst
	direct      bool // sums are added up in dst, whose elements lie as those of a tile
	tile        int  // floats of a tile: a plane of a slab, for a block of output channels
	tileChannel int  // floats between its channels
	tileRow     int  // and between its rows
	info        Info
}

// newGather plans a gather of which n, groups, in, out, axes, weights, bias and
// post are set, for a number of cores.
func newGather(g gather, info Info, cores int) (Primitive, error) {
	g.kern = currentKernels()
	g.dst = g.axes[0].dst * g.axes[1].dst * g.axes[2].dst
	g.plan(cores)
	g.parts = polyphases(&g.staging, g.weights.kernel)
	for i := range g.parts {
		g.rowPlans = append(g.rowPlans, g.newRowPlan(&g.parts[i]))
	}

	g.info = info
	g.info.Impl = "brgemm:" + g.kern.name()
	g.info.Cycles = g.cycles(&g.work, &g)
	g.info.Scratch = g.weights.length(&g)
	g.info.ScratchPerWorker = g.staged() + g.tiles()*g.tile
	return newPhased(g.info,
		phase{g.weightParts(), func(c *call, _, part int) { g.pack(c, part) }},
		phase{g.work.total(), g.compute}), nil
}
