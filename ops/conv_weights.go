package ops

import (
	"slices"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// weightGradient sums diffDst[n, oc, o]·src[n, ic, o·stride + k·dilation − padLo]
// over samples and positions. An item is one slab of a few samples: its src is
// staged as for the convolution, its diffDst with the same distances between
// positions and zeros between rows, so that a weight's gradient is a dot product of
// the two, shifted by the weight's tap. Items are summed in a fixed number of
// copies of the gradient, which are added in order at the end.
type weightGradient struct {
	kern    kernels
	n       int
	groups  int
	in, out int // channels of a group
	axes    [3]axis
	size    [3]int // of the kernel
	bias    biasSource
	srcOf   int // which input is src
	diffOf  int // which is diffDst

	slabs   slabs
	staging staging
	samples int          // of an item
	items   int          // in a group
	copies  evenBlocks   // of items
	chunks  evenBlocks   // of output channels, for different workers
	rows    int          // floats of a staged plane of diffDst
	runs    []avx512.Run // the planes of an item, sample by sample
	off     []int        // of every pair of input channel and tap, and then of the last again
	weight  []int        // the same pairs, in the gradient of one output channel
	maxRows int          // of dot

	// A worker's scratch memory is the src of an item, its diffDst, and the sums of a
	// tile; these are the ends of the first two.
	stagedSrc, stagedAll int

	info Info
}

// biasSource says of which input the bias gradient is the sum over samples and
// positions.
type biasSource struct {
	wanted                  bool
	input, channels, volume int
}

const (
	// Private copies of the gradient let workers sum different items. More than 16
	// copies, or more than 64 MiB of them, cost more than they bring.
	maxCopies      = 16
	maxCopiesFloat = 1 << 24

	// leastRun is the number of positions of an item at least, while that leaves
	// leastItems of them: a tile's 24 accumulators have to be reduced to scalars once
	// for each.
	leastRun   = 1 << 12
	leastItems = 8
)

// newWeightGradient plans the gradient of which n, groups, in, out, axes, size and
// bias are set.
func newWeightGradient(g weightGradient, info Info) (Primitive, error) {
	g.kern = currentKernels()
	g.maxRows = len(g.kern.dotOffsets) - 1
	g.slabs, g.staging = planSlabs(&g.axes, g.n*g.groups, g.in, g.in*g.out*kernelVolume(&g.axes))
	g.planItems()
	g.planTaps()
	weights := g.groups * g.out * g.in * volume(g.size)

	g.info = info
	g.info.Impl = "dot:" + g.kern.name()
	if g.copies.count > 1 {
		g.info.Scratch = g.copies.count * weights
	}
	g.stagedSrc = RoundUp(g.samples * g.in * g.staging.length)
	g.stagedAll = g.stagedSrc + RoundUp(g.chunks.largest()*g.samples*g.slabs.size[0]*g.rows)
	g.info.ScratchPerWorker = g.stagedAll + g.kern.dotSums()
	main := g.copies.count * g.groups * g.chunks.count
	channels := 0
	if g.bias.wanted {
		channels = g.bias.channels
	}
	phases := []phase{{main + channels, func(c *call, worker, part int) {
		if part < main {
			g.compute(c, worker, part)
		} else {
			g.bias.sum(c, g.n, part-main)
		}
	}}}
	if g.copies.count > 1 {
		phases = append(phases, overRanges(divide(weights, elementsPerPart), g.addCopies))
	}
	return newPhased(g.info, phases...), nil
}

// planItems decides how many samples and slabs make an item, and how many copies
// of the gradient and chunks of output channels there are.
func (g *weightGradient) planItems() {
	g.samples = 1
	positions := volume(g.slabs.size)
	for g.slabs.total() == 1 && g.samples < g.n && g.samples*positions < leastRun &&
		2*g.samples*g.in*g.staging.length <= stagedFloats && ceilDiv(g.n, 2*g.samples) >= leastItems {
		g.samples *= 2
	}
	g.items = ceilDiv(g.n, g.samples) * g.slabs.total()
	weights := g.groups * g.out * g.in * volume(g.size)
	g.copies = evenBlocks{g.items, max(1, min(g.items, maxCopies, maxCopiesFloat/weights))}
	blocks := newEvenBlocks(g.out, g.maxRows).count
	g.chunks = evenBlocks{g.out, min(blocks, ceilDiv(maxCopies, g.copies.count*g.groups))}

	g.rows = g.slabs.size[1] * g.staging.pitch
	for s := range g.samples {
		for d := range g.slabs.size[0] {
			g.runs = append(g.runs, avx512.Run{
				A: (s*g.slabs.size[0] + d) * g.rows,
				B: s*g.in*g.staging.length + g.staging.position(d, 0, 0),
			})
		}
	}
}

// planTaps lists the weights that have a gradient: those whose tap is in the image
// somewhere. The offsets go on, with the last, as far as a tile may reach.
func (g *weightGradient) planTaps() {
	off, kernel := g.staging.taps([3]*component{
		&g.axes[0].components[0], &g.axes[1].components[0], &g.axes[2].components[0],
	}, g.size)
	for i := range g.in {
		for t := range off {
			g.off = append(g.off, i*g.staging.length+off[t])
			g.weight = append(g.weight, i*volume(g.size)+kernel[t])
		}
	}
	for range slices.Max(g.kern.dotOffsets) {
		if len(off) > 0 {
			g.off = append(g.off, g.off[len(g.off)-1])
		}
	}
}
