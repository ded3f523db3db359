package ops

import (
	"slices"

	"github.com/klauspost/cpuid/v2"
)

// slabFloats is the size of src that a part works on: half of the L2 cache, for every
// tile of output channels reads it again.
var slabFloats = max(cpuid.CPU.Cache.L2, 1<<20) / 2 / 4

const (
	// passFloats is the size of the weights that a tile of output channels uses in a
	// pass: they stay in the L2 cache, to be used again for every row of the slab. Where
	// tiles have fewer than lowTile rows and the kernel is 1, so that calls are long
	// however few channels there are, weights are to stay in the L1 cache.
	passFloats    = 96 << 10
	lowPassFloats = 8 << 10
	lowTile       = 12

	// directPartsPerCore is the number of parts to divide the work into for each core, at
	// least: with fewer, tiles that cannot be cut leave a core idle at the end.
	directPartsPerCore = 8
)

// plan decides how the work is divided, for the given number of cores. The division
// into tiles and passes depends on shapes alone.
func (g *direct) plan(cores int) {
	if g.takesRows() {
		g.role = blockedRow
	}
	g.chooseTiles()
	samples, atOnce := whole(g.n).smaller(slabFloats/g.sampleFloats()), 1
	if g.abreast {
		samples = g.samplesAbreast(g.tiles)
		atOnce = samples.size
	}
	g.work = partition{
		samples: samples, groups: g.groups,
		chunks: evenBlocks{g.tiles.count, 1},
		slabs:  slabs{whole(g.axes[0].positions), whole(g.axes[1].positions)},
	}
	pieces := ceilDiv(g.sampleFloats()*atOnce, slabFloats)
	planes, rows := &g.work.slabs.planes, &g.work.slabs.rows
	*planes = planes.smaller(ceilDiv(planes.n, pieces))
	*rows = rows.smaller(ceilDiv(rows.n, ceilDiv(pieces, planes.parts)))
	for g.n > 0 && g.work.total() < directPartsPerCore*cores && g.split() {
	}
	g.source = g.newSource()
	g.parts = g.newParts()
	g.gaps = slices.ContainsFunc(g.parts, func(p directPart) bool { return !p.hasTaps() })
}

// blocksOfPass is the number of blocks of input channels of a pass.
func (g *direct) blocksOfPass() int {
	perBlock := g.tiles.largest() * Block * Block * volume(g.weights.kernel)
	if g.low(g.tiles) {
		return max(1, lowPassFloats/perBlock)
	}
	return max(1, passFloats/perBlock)
}

// low reports that a pass is to be so short that its weights stay in the L1 cache.
func (g *direct) low(tiles evenBlocks) bool {
	rows := g.axes[2].components[0].size()
	return volume(g.weights.kernel) == 1 && g.axes[2].whole() && rows < lowTile*ceilDiv(rows, g.kern.blockedRows[tiles.largest()])
}

// sampleFloats is the size of a group of channels of one sample of src: of the cells that
// taps take.
func (g *direct) sampleFloats() int {
	floats := wholeBlocks(g.in)
	for a := range g.axes {
		floats *= min(g.axes[a].src, g.axes[a].positions*len(g.axes[a].residues))
	}
	return max(1, floats)
}

// split divides the work into more parts: where weights are more than src in chunks of
// output channels, which each read src, and else into less of src, which each read the
// weights.
func (g *direct) split() bool {
	w := &g.work
	chunk := w.chunks.count < w.chunks.n
	switch {
	case chunk && g.weights.length() > g.n*g.groups*g.sampleFloats():
		w.chunks.count = min(2*w.chunks.count, w.chunks.n)
	case w.samples.size > 1 && !g.abreast:
		w.samples = w.samples.smaller(ceilDiv(w.samples.size, 2))
	case w.slabs.planes.size > 1:
		w.slabs.planes = w.slabs.planes.smaller(ceilDiv(w.slabs.planes.size, 2))
	case w.slabs.rows.size > 1:
		w.slabs.rows = w.slabs.rows.smaller(ceilDiv(w.slabs.rows.size, 2))
	case chunk:
		w.chunks.count = min(2*w.chunks.count, w.chunks.n)
	default:
		return false
	}
	return true
}

// Rough costs in cycles, beside those of the kernel's steps: of a call and of reading
// and writing a row's vectors, of a tap of a tile and the least that a tap takes, however
// few its steps, of a float that is staged, and of one that is packed.
const (
	directCallCycles  = 120
	directTapCycles   = 2
	leastTapCycles    = 24
	directStageCycles = 0.15
	packCycles        = 1
)

// stagings is how often staged memory is filled.
func (g *direct) stagings() int {
	if g.source.shared {
		return 1
	}
	return g.work.total()
}

// cycles estimates the time of an execution on one core.
func (g *direct) cycles() float64 {
	var sum float64
	if size := g.work.samples.size; g.abreast {
		sum = float64(g.n/size) * g.tapCycles(size)
		if rest := g.n % size; rest > 0 {
			sum += g.tapCycles(rest)
		}
	} else {
		sum = float64(g.n) * g.tapCycles(1)
	}
	sum *= float64(g.groups)
	if g.source.staged > 0 {
		sum += directStageCycles * float64(g.source.staged*g.stagings())
	}
	if !g.packed {
		sum += packCycles * float64(g.weights.length())
	}
	return sum
}

// tapCycles estimates the time that the sums of a group of channels take, for a sample
// or for so many abreast.
func (g *direct) tapCycles(samples int) (sum float64) {
	for i := range g.parts {
		for t := range g.tiles.count {
			lo, hi := g.tiles.bounds(t)
			sum += g.partCycles(&g.parts[i], samples, hi-lo)
		}
	}
	return sum
}

// partCycles is tapCycles for one component and some blocks of output channels.
func (g *direct) partCycles(p *directPart, samples, blocks int) (sum float64) {
	rows, line := p.axes[2].size(), p.rows
	if g.abreast {
		rows, line = samples, p.cols
	}
	if rows == 0 {
		return 0
	}
	if !p.hasTaps() {
		return float64(len(p.taps) * rows * blocks)
	}
	perStep := g.kern.blockedCycles(rows, blocks)
	if g.role == blockedRow {
		perStep = g.kern.rowCycles(rows)
	}
	perTap, least := directTapCycles*float64(ceilDiv(rows, g.kern.blockedRows[blocks])), float64(leastTapCycles)
	if g.role == blockedDepthwise {
		least = 0
	}
	for i, passes := range p.taps {
		for at := range passes {
			taps := passes[at].taps
			count := float64(len(taps.list))
			sum += max(float64(taps.steps)*perStep+count*perTap, count*least) + float64(rows*blocks)
			if i%line == 0 || &passes[at] != &p.taps[i-1][at] { // else part of the same call
				sum += directCallCycles
			}
		}
	}
	return sum
}
