package ops

// tiling is what a convolution's data side and its weight gradient share: the
// windows of a group of channels, and how the work on them is divided and staged.
type tiling struct {
	kern    kernels
	n       int
	groups  int
	in, out int // channels of a group, of the operand that is staged for taps and of the other
	axes    [3]axis

	inBlocks evenBlocks // of input channels
	work     partition
	staging  staging

	// What an execution is estimated to take on one core, in cycles: in kernels, and in
	// staging one of the rows that partition.stagedRows counts.
	kernelCycles, stagingCycles float64
}

const (
	// stagedFloats is the size of staged src that is aimed at: 1 MiB, for every tap of
	// every block of output channels reads it again from the L2 cache.
	stagedFloats = 1 << 18

	// blockSteps is the number of steps of a reduction that brgemm is given at least,
	// taps times input channels: enough to make up for reading and writing a tile.
	// leastChannels is the number of input channels that it is given at least.
	blockSteps    = 256
	leastChannels = 8

	// busyParts is the number of parts to divide the work into, where a part keeps
	// leastCycles of work: enough to share among the cores of a processor evenly. More
	// parts stage more, so leastParts have to do where that would take more than
	// stagingShare of the time.
	busyParts    = 32
	leastParts   = 8
	leastCycles  = 1 << 14
	stagingShare = 0.2
)

// begin chooses, by an estimate of the time, how many samples lie side by side and
// whether rows are runs of their own; then slabs as large as the cache allows.
// outBlocks is the number of blocks of output channels.
func (t *tiling) begin(outBlocks int, cost planeCost) {
	t.inBlocks = newEvenBlocks(t.in, max(leastChannels, ceilDiv(blockSteps, max(mostTaps(&t.axes), 1))))
	planes, rows := t.axes[0].positions, t.axes[1].positions
	t.work = partition{
		groups: t.groups, chunks: evenBlocks{outBlocks, 1},
		slabs: slabs{divide(planes, planes), divide(rows, rows)},
	}
	for i, w := range t.work.choices(t.n) {
		if k, s := t.cycles(&w, outBlocks, cost); i == 0 || k+s < t.kernelCycles+t.stagingCycles {
			t.work, t.kernelCycles, t.stagingCycles = w, k, s
		}
	}
	t.stagingCycles /= float64(t.work.stagedRows(&t.axes))
	t.restage()
	for size := rows - 1; t.staged() > stagedFloats && size > 0; size-- {
		t.work.slabs.rows = t.work.slabs.rows.smaller(size)
		t.restage()
	}
}

// restage follows a change of the partition.
func (t *tiling) restage() {
	t.staging = newStaging(&t.axes, t.work.lanes(), t.work.slabs.rows.size)
}

// tooFew says that the work is to be divided into more parts.
func (t *tiling) tooFew(parts int) bool {
	staging := t.stagingCycles * float64(t.work.stagedRows(&t.axes))
	switch {
	case parts == 0 || parts >= busyParts || t.kernelCycles+staging < 2*leastCycles*float64(parts):
		return false
	}
	return parts < leastParts || staging < stagingShare*t.kernelCycles
}

// split divides the work into more parts, in the way that adds the least staging.
// It reports whether it could.
func (t *tiling) split() bool {
	var best *partition
	for _, w := range t.work.splits() {
		if best == nil || w.stagedRows(&t.axes) < best.stagedRows(&t.axes) {
			best = &w
		}
	}
	if best == nil {
		return false
	}
	t.work = *best
	return true
}

// staged is the number of floats of a worker's scratch memory that hold staged src.
func (t *tiling) staged() int { return RoundUp(t.inBlocks.largest() * t.staging.length) }

// stageCell writes one cell of D of the channels k of a place to staged memory.
func (t *tiling) stageCell(staged, src []float32, p *place, k span, cell int) {
	size := t.axes[0].src * t.axes[1].src * t.axes[2].src
	for i := k.lo; i < k.hi; i++ {
		channel := (p.samples.lo*t.groups+p.group)*t.in + i
		from := samples{src[channel*size:], t.groups * t.in * size, p.samples.size()}
		t.staging.stage(&t.kern, staged[(i-k.lo)*t.staging.length:][:t.staging.length], from, cell, p.slab.rows.lo)
	}
}
