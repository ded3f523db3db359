package ops

// tiling is what a convolution's data side and its weight gradient share: the
// windows of a group of channels, and how the work on them is divided and staged.
type tiling struct {
	kern    kernels
	n       int
	from    Layout // of the operand that is staged for taps
	to      Layout // of the other
	groups  int
	in, out int // channels of a group, of the operand that is staged for taps and of the other
	axes    [3]axis

	inBlocks  evenBlocks // of input channels
	outBlocks evenBlocks // of output channels, for a kernel
	inSrc     bool       // what is staged, in NCX16n, can be used where it is
	inDst     bool       // so can the other operand, where rows are runs of their own
	work      partition
	staging   staging
}

const (
	// stagedFloats is the size of staged src that is aimed at: 1 MiB, for every tap of
	// every block of output channels reads it again from the L2 cache.
	stagedFloats = 1 << 18

	// leastChannels is the number of channels of a block of input channels at least.
	leastChannels = 8

	// partsPerCore is the number of parts to divide the work into for each core, at
	// most: more would not share it more evenly.
	partsPerCore = 4
)

// begin chooses, by an estimate of the time, how many samples lie side by side and
// whether rows are runs of their own; then slabs as large as the cache allows. The
// blocks of channels are set.
func (t *tiling) begin(e estimator) {
	all := partition{
		groups: t.groups, chunks: evenBlocks{t.outBlocks.count, 1},
		slabs: slabs{whole(t.axes[0].positions), whole(t.axes[1].positions)},
	}
	best := 0.0
	for i, w := range all.choices(t.n, t.from == NCX16n || t.to == NCX16n, t.inSrc) {
		if c := t.cycles(&w, e); i == 0 || c < best {
			t.work, best = w, c
		}
	}
	t.restage()
	for size := t.work.slabs.rows.size - 1; t.window() > stagedFloats && size > 0; size-- {
		t.work.slabs.rows = t.work.slabs.rows.smaller(size)
		t.restage()
	}
}

// divide splits the work further, in the way that the estimate likes best, as far
// as that makes it faster on the given number of cores; and until it fits in scratch
// memory. parts is the number of parts that can be worked on at once, and the share of
// the work that the largest of them is.
func (t *tiling) divide(cores int, e estimator, parts func() (n int, largest float64), fits func() bool) {
	best, least := t.work, 0.0
	for {
		n, largest := parts()
		if n == 0 {
			return
		}
		ok, time := fits(), t.cycles(&t.work, e)*largest*float64(ceilDiv(n, cores))
		if ok && (least == 0 || time < least) {
			best, least = t.work, time
		}
		if ok && n >= partsPerCore*cores || !t.split(e) {
			break
		}
	}
	if least > 0 {
		t.work = best
		t.restage()
	}
}

// split divides the work into more parts, along the axis where the estimate says
// that it costs least. It reports whether it could.
func (t *tiling) split(e estimator) bool {
	splits, least := t.work.splits(), 0.0
	for i, w := range splits {
		if c := t.cycles(&w, e); i == 0 || c < least {
			t.work, least = w, c
		}
	}
	t.restage()
	return len(splits) > 0
}

// restage follows a change of the partition.
func (t *tiling) restage() {
	t.staging = newStaging(&t.axes, t.work.lanes(), t.work.slabs.rows.size, t.work.inSrc)
}

// window is the number of floats of src that a plane needs.
func (t *tiling) window() int { return RoundUp(t.inBlocks.largest() * t.staging.window()) }

// staged is the number of floats of a worker's scratch memory that hold staged src.
func (t *tiling) staged() int {
	if t.work.inSrc {
		return 0
	}
	return t.window()
}

// source is src of a place, from channel k of its group on, as it lies in memory.
func (t *tiling) source(src []float32, p *place, k int) batchRow {
	size := t.axes[0].src * t.axes[1].src * t.axes[2].src
	return newBatchRow(src, t.from, p.samples, t.groups*t.in, p.group*t.in+k, size)
}

// stageCell writes one cell of D of the channels k of a place to staged memory.
func (t *tiling) stageCell(staged, src []float32, p *place, k span, cell int) {
	for i := k.lo; i < k.hi; i++ {
		t.staging.stage(&t.kern, staged[(i-k.lo)*t.staging.length:][:t.staging.length], t.source(src, p, i), cell, p.slab.rows.lo)
	}
}
