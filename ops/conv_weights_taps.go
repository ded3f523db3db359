package ops

// tapGroup is a group of neighbouring taps along W whose gradients are sums over the
// same columns of positions.
type tapGroup struct{ taps, cols span }

// groupTaps groups the taps along W. Where src is staged, with zeros for padding, all
// columns serve for all of them; else those at which the tap lies inside.
func (g *weightGradient) groupTaps(s *staging) (groups []tapGroup) {
	w := &g.axes[2]
	c := &w.components[0] // a convolution has but one
	if len(c.taps) == 0 {
		return nil
	}
	if !s.inSrc {
		return []tapGroup{{span{0, len(c.taps)}, c.span}}
	}
	for i, t := range c.taps {
		at := w.offset(t)
		cols := span{max(c.lo, -at), min(c.hi, w.src-at)}
		if last := len(groups) - 1; last >= 0 && groups[last].cols == cols {
			groups[last].taps.hi++
		} else {
			groups = append(groups, tapGroup{span{i, i + 1}, cols})
		}
	}
	return groups
}

// rowsAlike says that for most rows the same taps along H lie inside src. Then a dot takes
// rows of the same taps, else rows as they come and a tap along D and H at a time.
func (g *weightGradient) rowsAlike() bool {
	h, all := &g.axes[1], 0
	for _, inside := range h.insideTaps(&h.components[0]) {
		if inside.size() == len(h.components[0].taps) {
			all++
		}
	}
	return 2*all >= h.positions
}

// gradientOrder says what the sums of a block of input channels are. They are numbered
// [group of taps along W][tap along D][along H][channel][along W].
type gradientOrder struct {
	place []int   // in the gradient of an output channel, from the block's first channel on
	off   [][]int // in src, for every phase of the ring, from the position on
}

// newOrder numbers the sums of a block of input channels.
func (g *weightGradient) newOrder(channels int) gradientOrder {
	o := gradientOrder{off: make([][]int, g.staging.phases())}
	size, nh, nw := volume(g.kernel), g.taps.counts[1], g.taps.counts[2]
	for _, group := range g.tapGroups {
		for kd := range g.taps.counts[0] {
			for kh := range nh {
				for ch := range channels {
					for kw := group.taps.lo; kw < group.taps.hi; kw++ {
						o.place = append(o.place, ch*size+g.taps.kernel[(kd*nh+kh)*nw+kw])
						for phase := range o.off {
							off := g.taps.planes[phase][kd].B + g.taps.rows[kh][kw].B
							o.off[phase] = append(o.off[phase], ch*g.staging.length+off)
						}
					}
				}
			}
		}
	}
	return o
}
