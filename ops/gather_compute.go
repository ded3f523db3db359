package ops

// gatherJob is one part of a gather.
type gatherJob struct {
	*gather
	place
	call  *call
	src   []float32 // of the block of input channels, staged or as it lies in memory
	tiles []float32

	inBlock int  // number of the block of input channels
	k       span // its channels
}

func (g *gather) compute(c *call, worker, part int) {
	scratch, staged := c.x.Worker(&g.info, worker), g.staged()
	j := gatherJob{
		gather: g, place: g.work.place(part), call: c,
		src: scratch[:staged], tiles: scratch[staged:],
	}
	for j.inBlock = range g.inBlocks.count {
		j.k.lo, j.k.hi = g.inBlocks.bounds(j.inBlock)
		if g.work.inSrc {
			j.src = g.source(c.in[0], &j.place, j.k.lo).data
		}
		next := j.slab.planes.lo // cell of D to stage
		for d := j.slab.planes.lo; d < j.slab.planes.hi; d++ {
			for ; next < d+j.axes[0].reach && !g.work.inSrc; next++ {
				j.stageCell(j.src, c.in[0], &j.place, j.k, next)
			}
			for p := range g.parts {
				j.addPlane(p, d)
			}
		}
	}
}

// addPlane adds the block of input channels to all elements of one component that
// plane d has.
func (j *gatherJob) addPlane(part, d int) {
	t := tileJob{gatherJob: j, part: part, component: &j.parts[part], plane: d}
	t.rows, t.cols = t.component.axes[1].and(j.slab.rows), t.component.axes[2].span
	if d < t.component.axes[0].lo || d >= t.component.axes[0].hi || t.rows.size() == 0 {
		return
	}
	for b := j.blocks.lo; b < j.blocks.hi; b++ {
		t.channels.lo, t.channels.hi = j.outBlocks.bounds(b)
		t.compute(t.place(b))
	}
}

// place says where the sums of a block of output channels are.
func (t *tileJob) place(block int) sums {
	if t.direct {
		c, width := t.component.axes, t.axes[2].dst*Block
		return sums{
			data: t.dstPlane(t.channels.lo).data, origin: c[1].dstOrigin*width + c[2].dstOrigin*Block,
			rowPitch: t.axes[1].dstStep * width, lanes: Block, channel: t.dst * Block,
		}
	}
	return sums{
		data: t.tileOf(t.part, block, t.plane), origin: -t.rows.lo*t.tileRow - t.cols.lo*t.staging.lanes,
		rowPitch: t.tileRow, lanes: t.staging.lanes, channel: t.tileChannel,
	}
}

// tileOf is the memory of the tile of a component, block of output channels and
// plane.
func (j *gatherJob) tileOf(part, block, d int) []float32 {
	if j.inBlocks.count == 1 {
		return j.tiles[:j.tile]
	}
	at := part*j.work.chunks.largest() + block - j.blocks.lo
	at = at*j.work.slabs.planes.size + d - j.slab.planes.lo
	return j.tiles[at*j.tile:][:j.tile]
}
