package ops

// gather is a convolution or the data gradient of one. A worker takes one slab of
// one sample and group at a time, stages its channels, and for each polyphase
// component, block of output channels and plane of positions runs brgemm into a
// tile of scratch memory, whose rows it crops, gives bias and activation, and
// copies to dst.
type gather struct {
	kern    kernels
	n       int
	groups  int
	in, out int // channels of a group that are summed over, and that result
	axes    [3]axis
	src     int // size of a channel of src
	dst     int // size of a channel of dst
	parts   []polyphase
	weights packing
	bias    bool
	post    Activation

	slabs   slabs
	staging staging
	blocks  evenBlocks // of output channels
	chunks  evenBlocks // of blocks, for different workers
	kBlocks evenBlocks // of input channels
	tileRow int        // floats between rows of the tile
	info    Info
}

// polyphase is one component of dst, of every axis: what those elements need.
type polyphase struct {
	axes   [3]*component
	off    []int // of the taps in staged src
	kernel []int // the taps in the kernel volume
	start  int   // number of taps of the components before
}

const (
	// stagedFloats is the size of a staged slab that is aimed at: 1 MiB, since
	// every tap of every block of output channels reads it again from there.
	stagedFloats = 1 << 18

	// kAtOnce is the number of input channels whose staged rows stay in the L1
	// cache while all taps pass over them: 32 rows of 48 floats and the widest
	// kernel are 8 KiB.
	kAtOnce = 32

	// busyParts is the number of parts to cut the work into at least, where a part
	// keeps leastWork multiply-adds: enough to share among the cores of one
	// processor evenly.
	busyParts = 32
	leastWork = 1 << 17
)

// newGather plans a gather of which n, groups, in, out, axes, weights, bias and
// post are set.
func newGather(g gather, info Info) (Primitive, error) {
	g.kern = currentKernels()
	g.src = g.axes[0].src * g.axes[1].src * g.axes[2].src
	g.dst = g.axes[0].dst * g.axes[1].dst * g.axes[2].dst
	g.blocks = newEvenBlocks(g.out, g.kern.rows)
	g.kBlocks = newEvenBlocks(g.in, kAtOnce)
	g.slabs, g.staging = planSlabs(&g.axes, g.n*g.groups, g.in, g.in*g.out*kernelVolume(&g.axes))
	items := g.n * g.groups * g.slabs.total()
	g.chunks = evenBlocks{g.blocks.count, min(g.blocks.count, ceilDiv(busyParts, max(items, 1)))}
	g.polyphases()

	g.info = info
	g.info.Impl = "brgemm:" + g.kern.name()
	g.info.Scratch = g.weights.length(&g)
	g.tileRow = RoundUp(g.staging.run(g.staging.size[1], g.staging.size[2]))
	g.info.ScratchPerWorker = RoundUp(g.in*g.staging.length) + g.blocks.largest()*g.tileRow
	return newPhased(g.info,
		phase{g.weightParts(), func(c *call, _, part int) { g.pack(c, part) }},
		phase{items * g.chunks.count, func(c *call, worker, part int) { g.compute(c, worker, part) }}), nil
}

// kernelVolume is the number of live taps, at most, of one position.
func kernelVolume(axes *[3]axis) int {
	v := 1
	for a := range axes {
		taps := 0
		for _, c := range axes[a].components {
			taps += len(c.taps)
		}
		v *= taps
	}
	return v
}

// planSlabs makes slabs small enough for the cache and, where samples and groups
// are few, numerous enough for the workers. work is the multiply-adds of one
// position.
func planSlabs(axes *[3]axis, samples, channels, work int) (slabs, staging) {
	s := newSlabs(axes)
	for {
		st := newStaging(axes, s.size)
		tooBig := channels*st.length > stagedFloats
		idle := samples*s.total() < busyParts && volume(s.size)*work > 2*leastWork
		if !tooBig && !idle || !s.split() {
			return s, st
		}
	}
}

// polyphases lists the components of dst with their taps.
func (g *gather) polyphases() {
	start := 0
	for d := range g.axes[0].components {
		for h := range g.axes[1].components {
			for w := range g.axes[2].components {
				p := polyphase{start: start}
				p.axes = [3]*component{&g.axes[0].components[d], &g.axes[1].components[h], &g.axes[2].components[w]}
				p.off, p.kernel = g.staging.taps(p.axes, g.weights.kernel)
				start += len(p.off)
				g.parts = append(g.parts, p)
			}
		}
	}
}
