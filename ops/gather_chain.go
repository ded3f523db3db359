package ops

// leastPiece is the number of elements that the rest of a chain must have at a time:
// with fewer, calling it costs more than another pass over memory.
const leastPiece = 1024

// chains says that the gather tells of the pieces that it has written: of the rows of
// a slab, in one plane and channel.
func (g *gather) chains() bool {
	rows := g.axes[1].writes(span{0, g.work.slabs.rows.size})
	return rows.size()*g.axes[2].dst*g.to.cell() >= leastPiece
}

// chainPlane tells that what position d of a slab gives along D is in dst, so that the
// rest of a chain may follow while it is in the cache.
func (j *gatherJob) chainPlane(d int) {
	if len(j.call.tails) == 0 {
		return
	}
	planes, rows := j.axes[0].writes(span{d, d + 1}), j.axes[1].writes(j.slab.rows)
	channels, height, row := j.groups*j.out, j.axes[1].dst, j.axes[2].dst*j.to.cell()
	samples := j.samples
	if block := j.to.batchBlock(); block > 1 {
		samples = span{samples.lo / block, ceilDiv(samples.hi, block)}
	}
	first, _ := j.outBlocks.bounds(j.blocks.lo)
	_, last := j.outBlocks.bounds(j.blocks.hi - 1)
	for n := samples.lo; n < samples.hi; n++ {
		for ch := j.group*j.out + first; ch < j.group*j.out+last; ch++ {
			for z := planes.lo; z < planes.hi; z++ {
				plane := ((n*channels+ch)*j.axes[0].dst + z) * height
				j.call.done((plane+rows.lo)*row, (plane+rows.hi)*row)
			}
		}
	}
}

// writes are the elements of dst that positions of all components give. Those of
// neighbouring positions are neighbours.
func (x *axis) writes(positions span) span {
	base := x.components[0].dstOrigin
	for _, c := range x.components {
		base = min(base, c.dstOrigin)
	}
	return span{positions.lo*x.dstStep + base, positions.hi*x.dstStep + base}.and(span{0, x.dst})
}
