package ops

// at is the place of a tap's cell for position 0, from the start of src.
func (x *axis) at(t tap) int { return t.shift*x.step + x.origin + x.residues[t.residue] }

// whole reports that the axis does nothing: each result is made of its own element.
func (x *axis) whole() bool {
	if x.src != x.dst || x.positions != x.src || x.step != 1 || x.dstStep != 1 || len(x.components) != 1 {
		return false
	}
	taps := x.components[0].taps
	return len(taps) == 1 && x.at(taps[0]) == 0
}

// wholeAxis is the axis of n elements that does nothing.
func wholeAxis(n int) axis {
	return axis{
		src: n, dst: n, positions: n, step: 1, residues: []int{0}, reach: 1, dstStep: 1,
		components: []component{{span: span{0, n}, taps: []tap{{}}}},
	}
}

// rowLength is the length of the rows that axes are cut into which do nothing: long
// enough for many tiles, and short enough for a row of many channels to stay in cache.
const rowLength = 448

// mergeAxes makes one axis of those that do nothing, as all do for a kernel of 1, and
// cuts it into rows of a handy length, at most the given one. A row of 14 is a tile.
func mergeAxes(axes [3]axis, most int) [3]axis {
	n := 1
	for a := range axes {
		if !axes[a].whole() {
			return axes
		}
		n *= axes[a].src
	}
	length := n
	for l := most; l >= most/4; l-- {
		if n%l == 0 && (length == n || l%14 == 0) {
			length = l
			if l%14 == 0 {
				break
			}
		}
	}
	return [3]axis{wholeAxis(1), wholeAxis(n / length), wholeAxis(length)}
}

// bounds are the first and the last cell that any tap takes at any of its
// positions; src may not reach so far. An axis without taps takes none.
func (x *axis) bounds() (lowest, highest int) {
	lowest, highest = x.src, -1
	for _, c := range x.components {
		for _, t := range c.taps {
			lowest = min(lowest, c.lo*x.step+x.at(t))
			highest = max(highest, (c.hi-1)*x.step+x.at(t))
		}
	}
	return lowest, highest
}

// tapBounds are the lowest and the highest place of a tap at position 0.
func (x *axis) tapBounds() (lowest, highest int) {
	first := true
	for _, c := range x.components {
		for _, t := range c.taps {
			at := x.at(t)
			if first {
				lowest, highest, first = at, at, false
			}
			lowest, highest = min(lowest, at), max(highest, at)
		}
	}
	return lowest, highest
}
