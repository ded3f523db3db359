package ops

import "github.com/cascade-hpc/cascade/ops/avx512"

// takesRows says that the sum is a blockedRow: one block of output channels, whose tiles
// leave registers for the weights of three taps, and along W a kernel of three taps that
// takes the cell of the position and its neighbours. Where tiles have more blocks an element
// is used as often without. It must not know the batch.
func (g *direct) takesRows() bool {
	x := &g.axes[2]
	return g.role == blockedData && !g.narrow && g.outBlocks() == 1 &&
		g.kern.mostRow > 0 && x.src >= g.kern.leastRow && x.takesNeighbours()
}

// Rows that a blockedRowGradient takes are shortRow at least where there are more blocks of
// output channels than shortBlocks: a tile has one, and src is read once for each.
const (
	shortRow    = 14
	shortBlocks = 8
)

// takesRowsOfTaps says that the sum is a blockedRowGradient: the three taps of a row of the
// kernel, of a weight gradient, which take the cell of the position and its neighbours.
func (g *directWeights) takesRowsOfTaps() bool {
	x := &g.axes[2]
	return g.role == blockedGradient && !g.narrow && !g.picks() && g.kern.mostRow > 0 &&
		g.weights.kernel[2] == rowTaps && x.takesNeighbours() &&
		(x.src >= shortRow || g.outBlocks() <= shortBlocks)
}

// takesNeighbours says that every position takes its own cell and those beside it.
func (x *axis) takesNeighbours() bool {
	if x.dst != x.src || x.positions != x.src || x.step != 1 || x.dstStep != 1 || len(x.components) != 1 {
		return false
	}
	taps := x.components[0].taps
	if len(taps) != rowTaps {
		return false
	}
	first, step := x.at(taps[0]), taps[1].k-taps[0].k
	for i, t := range taps {
		if x.at(t) != first*(1-i) || t.k-taps[0].k != i*step {
			return false
		}
	}
	return first == -1 || first == 1
}

// cellTap is the tap of a blockedRow for a block of channels and taps along D and H.
func (g *direct) cellTap(block int, d, h tap) avx512.BlockedTap {
	s := &g.source
	kernel := (d.k*g.weights.kernel[1] + h.k) * g.weights.kernel[2]
	return avx512.BlockedTap{
		A:     block*s.block + g.axes[0].at(d)*s.plane + g.axes[1].at(h)*s.row,
		B:     g.weights.tap(block, kernel+g.leftTap().k),
		Steps: min(g.in-block*Block, Block),
	}
}

// leftTap is the tap along W that takes the cell before the position's own.
func (g *direct) leftTap() tap {
	taps := g.axes[2].components[0].taps
	if g.axes[2].at(taps[0]) < 0 {
		return taps[0]
	}
	return taps[rowTaps-1]
}

// cellStep is the distance of neighbouring taps of a blockedRow among the weights.
func (g *direct) cellStep() int {
	step := g.axes[2].components[0].taps[1].k - g.leftTap().k
	return step * g.weights.step() * Block
}
