package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// planItems cuts the batch into items. It must not know the number of cores, since
// the order in which items are summed follows from it.
func (g *directWeights) planItems() {
	most := min(len(g.kern.blockedRows)-1, g.outBlocks())
	if g.takesRowsOfTaps() {
		g.role, most = blockedRowGradient, 1
	}
	g.tiles = newEvenBlocks(g.outBlocks(), most)
	d, h, w := &g.axes[0], &g.axes[1], &g.axes[2]
	floats := itemFloats
	if g.narrow {
		floats *= 4 // a slab is staged, and more rows for each that is shared
	}
	positions := max(1, floats/Block/(g.tiles.largest()+1))
	all := d.positions * h.positions * w.positions
	g.work = partition{
		groups: g.groups, samples: divide(g.n, positions/all), chunks: evenBlocks{g.tiles.count, 1},
		slabs: slabs{whole(d.positions), whole(h.positions)},
	}
	if all > positions {
		g.work.slabs.planes = divide(d.positions, positions/(h.positions*w.positions))
		if g.work.slabs.planes.size == 1 {
			g.work.slabs.rows = g.work.slabs.rows.smaller(positions / w.positions)
		}
	}
	if g.narrow || g.picks() || g.role == blockedDepthwise {
		g.source = g.stagedSource(g.picks()) // picking cells is slow, staging rows is not
		g.source.zeros = g.planesOfTaps()
	} else {
		g.source = g.unstaged()
	}
	samples := g.work.samples
	for s := range g.work.slabs.total() {
		slab := g.work.slabs.at(s)
		g.strips = append(g.strips, g.slabStrips(&slab, min(samples.size, g.n)))
		if lo, hi := samples.bounds(max(samples.parts-1, 0)); hi-lo < samples.size {
			g.last = append(g.last, g.slabStrips(&slab, hi-lo))
		}
	}
}

// copyFactor is how much dearer an element of another copy is than one of a tensor that
// is read once more: it is written, read again and added, and takes room in caches.
const copyFactor = 20

// planParts decides on copies and chunks: the way to more parts that moves the fewest
// floats, until there are enough.
func (g *directWeights) planParts() {
	g.copies, g.ins = evenBlocks{g.items(), 1}, evenBlocks{g.weights.pairs(), 1}
	weights := g.weights.length()
	src := g.n * g.groups * g.sampleFloats()
	diff := g.n * g.groups * wholeBlocks(g.out) * g.dst
	for g.partCount() < weightParts {
		const never = 1 << 62
		more, out, in := copyFactor*weights*g.copies.count, src*g.work.chunks.count, diff*g.ins.count
		if 2*g.copies.count > min(g.items(), maxCopies) || 2*g.copies.count*weights > maxCopiesFloat {
			more = never
		}
		if 2*g.work.chunks.count > g.work.chunks.n {
			out = never
		}
		if 2*g.ins.count > g.ins.n {
			in = never
		}
		switch least := min(more, out, in); least {
		case never:
			return
		case more:
			g.copies.count *= 2
		case out:
			g.work.chunks.count *= 2
		default:
			g.ins.count *= 2
		}
	}
}

// slabStrips lists the strips of a slab of some samples.
func (g *directWeights) slabStrips(b *slab, samples int) (all []strip) {
	k := g.weights.kernel
	live := map[int][3]tap{}
	for _, td := range g.axes[0].components[0].taps {
		for _, th := range g.axes[1].components[0].taps {
			for _, tw := range g.axes[2].components[0].taps {
				live[(td.k*k[1]+th.k)*k[2]+tw.k] = [3]tap{td, th, tw}
			}
		}
	}
	wide, planes := g.rowsOfTaps(), g.planesOfTaps()
	each := g.in // rows of a tap where they are not a block's channels
	if g.role == blockedDepthwise {
		each = 1
	}
	for i := 0; i < volume(k); i++ {
		s := strip{kernel: i, taps: newBlockedTaps(nil, 1)}
		if g.narrow || g.role == blockedDepthwise {
			s.rows = each
		}
		at := i
		if g.role == blockedRowGradient {
			at++ // the tap in the middle stands for three
			i += rowTaps - 1
		}
		if taps, ok := live[at]; ok {
			s.taps = g.runs(b, samples, taps)
			if wide {
				s.rows *= k[2]
				i += k[2] - 1
			}
			if planes {
				s.lines, s.apart = k[1], g.rowStep()*g.source.row
				i += (k[1] - 1) * k[2]
			}
		}
		all = append(all, s)
	}
	return all
}

// rowsOfTaps says that all taps of a row of the kernel are rows of a tile: equally
// spaced in staged src, and neighbours if its channels are rows too.
func (g *directWeights) rowsOfTaps() bool {
	taps := g.axes[2].components[0].taps
	if g.source.staged == 0 || len(taps) != g.weights.kernel[2] {
		return false
	}
	for i := range taps {
		if g.axes[2].at(taps[i]) != g.axes[2].at(taps[0])+i*g.tapStep() {
			return false
		}
	}
	return g.role == blockedDepthwise || g.tapStep() == 1
}

// planesOfTaps says that the rows of a plane of the kernel are done at once: in a narrow
// src, whose rows are short of work by themselves. All are to be equally far from one
// another.
func (g *directWeights) planesOfTaps() bool {
	taps := g.axes[1].components[0].taps
	if !g.narrow || !g.rowsOfTaps() || len(taps) != g.weights.kernel[1] {
		return false
	}
	for i := range taps {
		if g.axes[1].at(taps[i]) != g.axes[1].at(taps[0])+i*g.rowStep() {
			return false
		}
	}
	return true
}

// rowStep is the distance between taps along H, in rows.
func (g *directWeights) rowStep() int {
	if taps := g.axes[1].components[0].taps; len(taps) > 1 {
		return g.axes[1].at(taps[1]) - g.axes[1].at(taps[0])
	}
	return 1
}

// tapStep is the distance between taps along W, in cells.
func (g *directWeights) tapStep() int {
	if taps := g.axes[2].components[0].taps; len(taps) > 1 {
		return g.axes[2].at(taps[1]) - g.axes[2].at(taps[0])
	}
	return 1
}

// runs are the positions of a slab at which the taps lie inside src, row by row. Rows
// that follow each other in memory are one.
func (g *directWeights) runs(b *slab, samples int, taps [3]tap) *blockedTaps {
	var list []avx512.BlockedTap
	s, origin := &g.source, g.origin(*b)
	planes, rows, cols := g.inside(0, taps[0]).and(b.planes), g.inside(1, taps[1]).and(b.rows), g.inside(2, taps[2])
	if s.staged > 0 {
		cols = span{0, g.axes[2].positions}
	}
	if s.zeros {
		rows = b.rows
	}
	step := g.axes[2].step * s.pixel
	for n := range samples {
		for d := planes.lo; d < planes.hi; d++ {
			for h := rows.lo; h < rows.hi && cols.size() > 0; h++ {
				at := [3]int{d, h, cols.lo}
				from := n * s.sample
				for a, distance := range []int{s.plane, s.row, s.pixel} {
					from += (at[a]*g.axes[a].step + g.axes[a].at(taps[a]) - origin[a]) * distance
				}
				to := n*g.groups*g.outBlocks()*g.dst + (d*g.axes[1].dst+h)*g.axes[2].dst + cols.lo
				run := avx512.BlockedTap{A: from, B: to * Block, Steps: cols.size()}
				if i := len(list) - 1; i >= 0 && g.role != blockedRowGradient && list[i].A+list[i].Steps*step == run.A && list[i].B+list[i].Steps*Block == run.B {
					list[i].Steps += run.Steps
				} else {
					list = append(list, run)
				}
			}
		}
	}
	return newBlockedTaps(list, step)
}

// inside are the positions of an axis at which a tap takes a cell of src.
func (g *directWeights) inside(a int, t tap) span {
	x := &g.axes[a]
	return span{max(0, ceilDiv(-x.at(t), x.step)), min(x.positions, floorDiv(x.src-1-x.at(t), x.step)+1)}
}

// weightCycles estimates the time of an execution on one core.
func (g *directWeights) weightCycles() float64 {
	sum := 0.0
	for _, strips := range g.strips {
		for _, s := range strips {
			rows := s.rows
			if rows == 0 {
				rows = min(g.in, Block)
			}
			for t := range g.tiles.count {
				lo, hi := g.tiles.bounds(t)
				blocks := hi - lo
				if g.role == blockedRowGradient {
					blocks = rowTaps
				}
				sum += float64(max(s.lines, 1))*(float64(s.taps.steps)*g.kern.blockedCycles(rows, blocks)+float64(2*rows*blocks)) + directCallCycles
			}
		}
	}
	sum *= float64(g.work.samples.parts * g.groups * g.ins.n)
	return sum + float64((g.copies.count+1)*g.weights.length())*packCycles
}
