package ops

// tileFloats is the size of the tiles that is aimed at, where they have to wait for
// the next block of input channels: they are read and written once for each.
const tileFloats = 1 << 20

// plan decides how the work is divided and staged, for the given number of cores.
func (g *gather) plan(cores int) {
	g.begin(g.kern.rows, g)
	g.divide(cores, g, g.work.total, func() bool {
		g.settle()
		return g.tiles()*g.tile <= tileFloats
	})
	g.settle()
}

func (g *gather) plane(length, runs int) float64 {
	return float64(runs*g.outBlocks.count) * g.kern.brgemmCycles(g.outBlocks.largest(), length)
}

func (g *gather) besides(*partition) float64 { return 0 }

// settle sets what follows from the partition.
func (g *gather) settle() {
	rows := g.work.slabs.rows.size
	g.rowPitch, g.channel = g.staging.pitch, RoundUp(g.staging.run(rows, g.axes[2].positions))
	if g.work.rowwise {
		g.rowPitch = RoundUp(g.axes[2].positions * g.staging.lanes)
		g.channel = rows * g.rowPitch
	}
	g.tile = g.outBlocks.largest() * g.channel
}

// tiles is the number of tiles that are under way: one, unless sums wait for the
// next block of input channels.
func (g *gather) tiles() int {
	if g.inBlocks.count == 1 {
		return 1
	}
	parts := 1
	for a := range g.axes {
		parts *= len(g.axes[a].components)
	}
	return parts * g.work.chunks.largest() * g.work.slabs.planes.size
}
