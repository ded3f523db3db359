package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// directPart is one component of dst along every axis: see polyphase.
type directPart struct {
	axes [3]*component
	// taps are what is summed in each pass for a tile: at plane d, row h and column w of
	// the component they are number (d·rows + h)·cols + w, many of them the same. There
	// is one column where a tile has all those of a row.
	taps       [][]directPass
	rows, cols int
}

// directPass is the sum of one pass.
type directPass struct {
	first int // of the cells that taps take, from that of the row's first position
	taps  *blockedTaps
}

// pass is what is summed in a pass for the tile at a position.
func (p *directPart) pass(at [3]int, pass int) *directPass {
	for a := range at {
		at[a] -= p.axes[a].lo
	}
	return &p.taps[(at[0]*p.rows+at[1])*p.cols+at[2]][pass]
}

// hasTaps reports that there is something to sum.
func (p *directPart) hasTaps() bool {
	return len(p.axes[0].taps)*len(p.axes[1].taps)*len(p.axes[2].taps) > 0
}

// newParts lists the components of dst with their taps.
func (g *direct) newParts() (parts []directPart) {
	for d := range g.axes[0].components {
		for h := range g.axes[1].components {
			for w := range g.axes[2].components {
				p := directPart{axes: [3]*component{&g.axes[0].components[d], &g.axes[1].components[h], &g.axes[2].components[w]}}
				g.listTaps(&p)
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// listTaps finds the taps of every row, or of every position. Those for which the same
// taps lie inside src share them.
func (g *direct) listTaps(p *directPart) {
	type key struct{ d, h, w span }
	known := map[key][]directPass{}
	planes, rows := g.axes[0].insideTaps(p.axes[0]), g.axes[1].insideTaps(p.axes[1])
	cols := []span{{0, len(p.axes[2].taps)}}
	if g.abreast {
		cols = g.axes[2].insideTaps(p.axes[2])
	}
	p.rows, p.cols = len(rows), len(cols)
	for _, d := range planes {
		for _, h := range rows {
			for _, w := range cols {
				if known[key{d, h, w}] == nil {
					known[key{d, h, w}] = g.newPasses(p, d, h, w)
				}
				p.taps = append(p.taps, known[key{d, h, w}])
			}
		}
	}
}

// newPasses are the sums over the taps d along D, h along H and w along W.
func (g *direct) newPasses(p *directPart, d, h, w span) (passes []directPass) {
	for i := range g.passes.count {
		var taps []avx512.BlockedTap
		lo, hi := g.passes.bounds(i)
		for b := lo; b < hi; b++ {
			for _, td := range p.axes[0].taps[d.lo:d.hi] {
				for _, th := range p.axes[1].taps[h.lo:h.hi] {
					if g.role == blockedRow {
						taps = append(taps, g.cellTap(b, td, th))
					} else {
						taps = append(taps, g.rowTaps(p.axes[2].taps[w.lo:w.hi], b, td, th)...)
					}
				}
			}
		}
		first := 0
		for i, t := range taps {
			if i == 0 || t.A < first {
				first = t.A
			}
		}
		for i := range taps {
			taps[i].A -= first
		}
		pass := directPass{first, newBlockedTaps(taps, 1)}
		if g.role == blockedRow {
			pass.taps = newRowTaps(taps, g.cellStep())
		}
		passes = append(passes, pass)
	}
	return passes
}

// rowTaps are the taps w along W of a block of channels, for those along D and H.
func (g *direct) rowTaps(w []tap, block int, d, h tap) (taps []avx512.BlockedTap) {
	s := &g.source
	at := block*s.block + g.axes[0].at(d)*s.plane + g.axes[1].at(h)*s.row
	kernel := (d.k*g.weights.kernel[1] + h.k) * g.weights.kernel[2]
	for i, t := range w {
		tap := avx512.BlockedTap{
			A:     at + g.axes[2].at(t)*s.pixel,
			B:     g.weights.tap(block, kernel+t.k),
			Steps: min(g.in-block*Block, Block),
		}
		if g.role == blockedDepthwise {
			tap.Steps = 1
		}
		if g.narrow && i > 0 && t.k == w[i-1].k+1 && g.axes[2].at(t) == g.axes[2].at(w[i-1])+1 {
			taps[len(taps)-1].Steps += tap.Steps // its channels follow those of the last
			continue
		}
		taps = append(taps, tap)
	}
	return taps
}
