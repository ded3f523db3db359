package ops

import "github.com/klauspost/cpuid/v2"

// slabFloats is the size of src that a part works on: half of the L2 cache, for every
// tile of output channels reads it again.
var slabFloats = max(cpuid.CPU.Cache.L2, 1<<20) / 2 / 4

const (
	// passFloats is the size of the weights that a tile of output channels uses in a
	// pass: they stay in the L2 cache, to be used again for every row of the slab. Tiles
	// of fewer than lowTile rows need weights faster than that gives them, so theirs
	// are to stay in the L1 cache.
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
	g.tiles = g.bestTiles()
	g.passes = newEvenBlocks(g.inBlocks(), g.blocksOfPass())
	g.work = partition{
		samples: whole(g.n).smaller(slabFloats / g.sampleFloats()), groups: g.groups,
		chunks: evenBlocks{g.tiles.count, 1},
		slabs:  slabs{whole(g.axes[0].positions), whole(g.axes[1].positions)},
	}
	pieces := ceilDiv(g.sampleFloats(), slabFloats)
	planes, rows := &g.work.slabs.planes, &g.work.slabs.rows
	*planes = planes.smaller(ceilDiv(planes.n, pieces))
	*rows = rows.smaller(ceilDiv(rows.n, ceilDiv(pieces, planes.parts)))
	for g.n > 0 && g.work.total() < directPartsPerCore*cores && g.split() {
	}
	g.source = g.newSource()
	g.parts = g.newParts()
}

// blocksOfPass is the number of blocks of input channels of a pass.
func (g *direct) blocksOfPass() int {
	perBlock := g.tiles.largest() * Block * Block * volume(g.weights.kernel)
	rows, height := g.axes[2].components[0].size(), g.kern.blockedRows[g.tiles.largest()]
	if tiles := ceilDiv(rows, height); tiles > 0 && rows/tiles < lowTile {
		return max(1, lowPassFloats/perBlock)
	}
	return max(1, passFloats/perBlock)
}

// sampleFloats is the size of a group of channels of one sample of src.
func (g *direct) sampleFloats() int {
	return max(1, wholeBlocks(g.in)*g.axes[0].src*g.axes[1].src*g.axes[2].src)
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
	case w.samples.size > 1:
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

// bestTiles cuts the blocks of output channels into tiles for which the kernel takes
// the fewest cycles on the rows there are.
func (g *direct) bestTiles() evenBlocks {
	best, least := evenBlocks{}, 0.0
	for v := 1; v < len(g.kern.blockedRows); v++ {
		tiles := newEvenBlocks(g.outBlocks(), v)
		if tiles.largest() < v {
			break
		}
		if c := g.rowCycles(tiles); v == 1 || c < least {
			best, least = tiles, c
		}
	}
	return best
}

// cellCycles is the part of a step that it takes to bring a cell of src, which lasts
// for a block's steps, from the L2 cache: once for each tile of output channels, and
// fewer times than the kernel has taps.
const cellCycles = 0.125

// rowCycles is the number of cycles of a step, for all output channels and a row of
// each component.
func (g *direct) rowCycles(tiles evenBlocks) float64 {
	cycles, perCell := 0.0, cellCycles/float64(volume(g.weights.kernel))
	for _, c := range g.axes[2].components {
		if c.size() == 0 {
			continue
		}
		for t := range tiles.count {
			lo, hi := tiles.bounds(t)
			cycles += g.kern.blockedCycles(c.size(), hi-lo) + perCell*float64(c.size())
		}
	}
	return cycles
}

// Rough costs in cycles, beside those of the kernel's steps: of a call and of reading
// and writing a row's vectors, of a float that is staged, and of one that is packed.
const (
	directCallCycles  = 120
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
	for i := range g.parts {
		for t := range g.tiles.count {
			lo, hi := g.tiles.bounds(t)
			sum += g.parts[i].cycles(&g.kern, hi-lo)
		}
	}
	sum *= float64(g.n * g.groups)
	if g.source.staged > 0 {
		sum += directStageCycles * float64(g.source.staged*g.stagings())
	}
	if !g.packed {
		sum += packCycles * float64(g.weights.length())
	}
	return sum
}

// cycles estimates the time that the rows of a component take for some blocks.
func (p *directPart) cycles(k *kernels, blocks int) (sum float64) {
	cols := p.axes[2].size()
	if cols == 0 {
		return 0
	}
	perStep := k.blockedCycles(cols, blocks)
	for i, row := range p.taps {
		for at := range row {
			sum += float64(row[at].taps.steps)*perStep + float64(cols*blocks)
			if i%p.rows == 0 || &row[at] != &p.taps[i-1][at] { // else part of the same call
				sum += directCallCycles
			}
		}
	}
	return sum
}
