package ops

import (
	"slices"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// rowPlan is how the rows of one component of dst are computed: in runs of columns, each
// with the taps that a row at its height takes from inside src.
type rowPlan struct {
	heights []span // ranges of taps along H
	height  []int  // which of them each position takes
	runs    []tapRun
	// across says that brgemm sums taps along W where it sums input channels elsewhere,
	// of which there is one. They are step apart.
	across bool
	step   int
}

// tapRun is a run of columns with the taps of a plane, for each range of taps along H.
type tapRun struct {
	columns
	lists [][]avx512.Tap
}

// newRowPlan plans the rows of a component.
func (g *gather) newRowPlan(p *polyphase) *rowPlan {
	r := &rowPlan{height: make([]int, len(p.inside[1]))}
	r.step, r.across = p.step()
	r.across = r.across && g.in == 1
	for i, taps := range p.inside[1] {
		if !g.work.rowwise {
			taps = span{0, p.counts[1]}
		}
		at := slices.Index(r.heights, taps)
		if at < 0 {
			at = len(r.heights)
			r.heights = append(r.heights, taps)
		}
		r.height[i] = at
	}
	for _, c := range g.columns(p) {
		run := tapRun{columns: c}
		for _, h := range r.heights {
			taps := p.of(h, c.taps)
			if r.across {
				taps = p.of(h, span{c.taps.lo, min(c.taps.lo+1, c.taps.hi)})
			}
			run.lists = append(run.lists, taps)
		}
		r.runs = append(r.runs, run)
	}
	return r
}

// columns are the runs of columns of a component. Rows that are one run together are not
// cut.
func (g *gather) columns(p *polyphase) []columns {
	if !g.work.rowwise {
		return []columns{{p.axes[2].span, span{0, p.counts[2]}}}
	}
	return g.cutRow(p.axes[2], &g.staging)
}

// cutRow cuts the rows of a component along W, where they are runs of their own.
func (g *gather) cutRow(c *component, s *staging) []columns {
	steps := g.inBlocks.largest() * mostTaps(g.axes[:2])
	return cutColumns(c, g.axes[2].insideTaps(c), s.inSrc, func(cols, taps int) float64 {
		return float64(g.outBlocks.count) * (callCycles + float64(steps*taps)*g.stepCycles(cols*s.lanes, s.lanes))
	})
}

// stepCycles estimates a step of the reduction for a run of so many floats.
func (g *gather) stepCycles(length, lanes int) float64 {
	return g.kern.brgemmCycles(g.outBlocks.largest(), length, lanes == Block)
}
