package ops

// weightItem is what an item covers, in whatever group.
type weightItem struct {
	samples span
	slab    slab
	strips  []strip
}

// items is the number of items of a group.
func (g *directWeights) items() int { return g.work.samples.parts * g.work.slabs.total() }

func (g *directWeights) item(i int) (w weightItem) {
	slab := i % g.work.slabs.total()
	w.slab = g.work.slabs.at(slab)
	w.samples.lo, w.samples.hi = g.work.samples.bounds(i / g.work.slabs.total())
	w.strips = g.strips[slab]
	if w.samples.size() < g.work.samples.size {
		w.strips = g.last[slab]
	}
	return w
}

// distance is how far the next item is from one: as far as its first row is for the tap in
// the middle, which no border cuts. What is staged for each item by itself is not there
// yet.
func (g *directWeights) distance(here, next *weightItem) (a ahead) {
	middle := len(here.strips) / 2
	from, to := here.strips[middle].taps.list, next.strips[middle].taps.list
	if g.role == blockedDepthwise || len(from) == 0 || len(to) == 0 {
		return a
	}
	samples := next.samples.lo - here.samples.lo
	if g.source.staged == 0 || g.source.shared {
		a.a = samples*g.source.sample + (to[0].A-from[0].A)/4
	}
	a.b = samples*g.groups*g.outBlocks()*g.dst*Block + (to[0].B-from[0].B)/4
	a.blocks = g.tiles.largest()
	return a
}
