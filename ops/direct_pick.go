package ops

// picking is a kernel of 1 with a stride, in a weight gradient: all but some cells of src
// are without interest. Those that count are staged side by side, as if the stride were 1.
type picking struct{ src, step, count [3]int } // sizes, strides and cells that count

// pickCells makes axes of the cells that count, if there are others.
func (g *direct) pickCells() {
	var p picking
	for a := range g.axes {
		x := &g.axes[a]
		if x.dstStep != 1 || x.positions != x.dst || len(x.components) != 1 {
			return
		}
		if taps := x.components[0].taps; len(taps) != 1 || x.at(taps[0]) != 0 || (x.positions-1)*x.step >= x.src {
			return
		}
		p.src[a], p.step[a], p.count[a] = x.src, x.step, x.positions
	}
	if g.narrow || volume(p.step) == 1 {
		return
	}
	g.picked = p
	for a := range g.axes {
		g.axes[a] = wholeAxis(p.count[a])
	}
}

func (g *direct) picks() bool { return volume(g.picked.step) > 0 }

// pickRow copies neighbouring cells that count, the first of them being number first.
func (g *direct) pickRow(to, src []float32, first int) {
	p := &g.picked
	for len(to) > 0 {
		w, rest := first%p.count[2], first/p.count[2]
		h, d := rest%p.count[1], rest/p.count[1]
		n := min(p.count[2]-w, len(to)/Block)
		from := ((d*p.step[0]*p.src[1]+h*p.step[1])*p.src[2] + w*p.step[2]) * Block
		g.kern.copyCells(to, src[from:], Block, p.step[2]*Block, n)
		to, first = to[n*Block:], first+n
	}
}
