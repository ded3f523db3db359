package ops

// tileRows are rows for the kernel to cut into tiles: how many there are, and the number
// of steps to take, for a unit that those compared share.
type tileRows struct {
	rows  int
	steps float64
}

// rowTiles are the rows of positions of each component, for a sample.
func (g *direct) rowTiles(evenBlocks) (all []tileRows) {
	for _, c := range g.axes[2].components {
		all = append(all, tileRows{c.size(), float64(len(c.taps))})
	}
	return all
}

// abreastTiles are the samples of every position of a row, for one of them. There are no
// steps here that take zeros beyond the ends of the row.
func (g *direct) abreastTiles(tiles evenBlocks) (all []tileRows) {
	steps := 0
	for i := range g.axes[2].components {
		steps += totalSize(g.axes[2].insideTaps(&g.axes[2].components[i]))
	}
	size := g.samplesAbreast(tiles).size
	for _, group := range [][2]int{{size, g.n / size}, {g.n % size, 1}} {
		if group[0] > 0 {
			all = append(all, tileRows{group[0], float64(steps*group[1]) / float64(g.n)})
		}
	}
	return all
}

// samplesAbreast groups the samples, so that each group is the rows of a tile.
func (g *direct) samplesAbreast(tiles evenBlocks) ranges {
	return whole(g.n).smaller(g.kern.blockedRows[tiles.largest()])
}

// mayBeAbreast reports that samples can be the rows of a tile.
func (g *direct) mayBeAbreast() bool {
	return g.n > 1 && !g.narrow && g.role == blockedData
}

// abreastFactor is what tiles of samples abreast may take at most, beside those of
// positions: their rows lie far apart, which caches like less.
const abreastFactor = 0.98

// chooseTiles decides what the rows of a tile are, and on the tiles and passes.
func (g *direct) chooseTiles() {
	var least float64
	g.tiles, least = g.bestTiles(g.rowTiles)
	g.passes = newEvenBlocks(g.inBlocks(), g.blocksOfPass()) // for any batch the same
	if g.mayBeAbreast() {
		if tiles, cycles := g.bestTiles(g.abreastTiles); cycles < abreastFactor*least {
			g.abreast, g.tiles = true, tiles
		}
	}
}

// bestTiles cuts the blocks of output channels into tiles for which the kernel takes
// the fewest cycles on the rows there are.
func (g *direct) bestTiles(rows func(evenBlocks) []tileRows) (best evenBlocks, least float64) {
	for v := 1; v < len(g.kern.blockedRows); v++ {
		tiles := newEvenBlocks(g.outBlocks(), v)
		if tiles.largest() < v {
			break
		}
		if c := g.tileCycles(rows(tiles), tiles); v == 1 || c < least {
			best, least = tiles, c
		}
	}
	return best, least
}

// Parts of a step that it takes besides: to bring a cell of src, which lasts for a block's
// steps, and to bring a block's weights from the L2 cache.
const (
	cellCycles  = 0.125
	blockCycles = 0.3
)

// tileCycles is the number of cycles of the steps of rows, for all output channels.
func (g *direct) tileCycles(rows []tileRows, tiles evenBlocks) (cycles float64) {
	perBlock := blockCycles
	if g.low(tiles) {
		perBlock = 0
	}
	for _, r := range rows {
		for t := range tiles.count {
			lo, hi := tiles.bounds(t)
			blocks := (hi - lo) * ceilDiv(r.rows, g.kern.blockedRows[hi-lo])
			cycles += r.steps * (g.kern.blockedCycles(r.rows, hi-lo) + cellCycles*float64(r.rows) + perBlock*float64(blocks))
		}
	}
	return cycles
}
