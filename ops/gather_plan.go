package ops

const (
	// blockSteps is the number of steps of a reduction that brgemm is given at least,
	// taps times input channels: enough to make up for reading and writing a tile.
	blockSteps = 256

	// tileFloats is the size of the tiles that is aimed at, where they have to wait for
	// the next block of input channels: they are read and written once for each.
	tileFloats = 1 << 20
)

// plan decides how the work is divided and staged, for the given number of cores.
func (g *gather) plan(cores int) {
	g.inSrc = g.from == NCX16n && g.axes[2].step == 1
	g.inDst = g.to == NCX16n && g.axes[2].dstStep == 1
	g.inBlocks = newEvenBlocks(g.in, max(leastChannels, ceilDiv(blockSteps, max(mostTaps(g.axes[:]), 1))))
	g.outBlocks = newEvenBlocks(g.out, g.kern.rowsFor(g.out))
	g.begin(g)
	g.divide(cores, g, func() (int, float64) { return g.work.total(), g.work.largest() }, func() bool {
		g.settle()
		return g.tiles()*g.tile <= tileFloats
	})
	g.settle()
}

func (g *gather) plane(length, runs int) float64 {
	return float64(runs*g.outBlocks.count) * g.stepCycles(length, 0)
}

func (g *gather) rows(c *component, s *staging, rows int) (cycles float64, runs int) {
	cut := g.cutRow(c, s)
	for _, run := range cut {
		cycles += float64(run.taps.size()) * g.stepCycles(run.span.size()*s.lanes, s.lanes)
	}
	return float64(rows*g.outBlocks.count) * cycles, len(cut)
}

func (g *gather) besides(*partition) float64 { return 0 }

// settle sets what follows from the partition.
func (g *gather) settle() {
	rows := g.work.slabs.rows.size
	g.direct = g.inDst && g.work.rowwise
	g.tileRow, g.tileChannel = g.staging.pitch, RoundUp(g.staging.run(rows, g.axes[2].positions))
	if g.work.rowwise {
		g.tileRow = RoundUp(g.axes[2].positions * g.staging.lanes)
		g.tileChannel = rows * g.tileRow
	}
	g.tile = g.outBlocks.largest() * g.tileChannel
}

// tiles is the number of tiles of scratch memory that are under way: one, unless sums
// wait for the next block of input channels or are in dst.
func (g *gather) tiles() int {
	switch {
	case g.direct:
		return 0
	case g.inBlocks.count == 1:
		return 1
	}
	parts := 1
	for a := range g.axes {
		parts *= len(g.axes[a].components)
	}
	return parts * g.work.chunks.largest() * g.work.slabs.planes.size
}
