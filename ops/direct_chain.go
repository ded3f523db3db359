package ops

import "iter"

// leastPiece is the number of elements that the rest of a chain must have at a time:
// with fewer, calling it costs more than another pass over memory.
const leastPiece = 1024

// chains says that the direct convolution tells of the pieces that it has written: of
// the rows of a slab, in one plane and block of channels.
func (g *direct) chains() bool {
	rows := g.axes[1].writes(span{0, g.work.slabs.rows.size})
	return rows.size()*g.axes[2].dst*Block >= leastPiece
}

// chainSample tells that what the slab of a sample gives in the tile's blocks of
// channels is in dst, so that the rest of a chain may follow while it is in the cache.
func (j *directJob) chainSample(n int) {
	if len(j.call.tails) == 0 {
		return
	}
	for lo, hi := range j.written(n) {
		j.call.done(lo, hi)
	}
}

// clearSample sets to zero what the slab of a sample gives in the tile's blocks.
func (j *directJob) clearSample(n int) {
	for lo, hi := range j.written(n) {
		clear(j.call.out[0][lo:hi])
	}
}

// written are the pieces of dst that the slab of a sample gives in the tile's blocks of
// channels: rows of a plane.
func (j *directJob) written(n int) iter.Seq2[int, int] {
	return func(yield func(lo, hi int) bool) {
		planes, rows := j.axes[0].writes(j.slab.planes), j.axes[1].writes(j.slab.rows)
		height, row := j.axes[1].dst, j.axes[2].dst*Block
		first := (n*j.groups + j.group) * j.outBlocks()
		for b := first + j.tile.lo; b < first+j.tile.hi; b++ {
			for z := planes.lo; z < planes.hi; z++ {
				plane := (b*j.axes[0].dst + z) * height
				if !yield((plane+rows.lo)*row, (plane+rows.hi)*row) {
					return
				}
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
