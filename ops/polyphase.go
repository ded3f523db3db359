package ops

// polyphase is one component of dst along every axis: what those elements need.
type polyphase struct {
	axes   [3]*component
	counts [3]int  // of taps, along each axis
	off    [][]int // of every tap in staged src, for every phase of the ring
	kernel []int   // the place of every tap in the kernel volume
	start  int     // number of taps of the components before
	planes []span  // the taps along D that lie inside src, for each position of the component
	rows   []span  // those along H
}

// polyphases lists the components of dst. Taps run along W first: neighbouring taps
// read the same cache lines.
func polyphases(s *staging, kernel [3]int) (parts []polyphase) {
	start := 0
	for d := range s.axes[0].components {
		for h := range s.axes[1].components {
			for w := range s.axes[2].components {
				p := polyphase{start: start}
				p.axes = [3]*component{&s.axes[0].components[d], &s.axes[1].components[h], &s.axes[2].components[w]}
				for a, c := range p.axes {
					p.counts[a] = len(c.taps)
				}
				p.planes, p.rows = s.axes[0].insideTaps(p.axes[0]), s.axes[1].insideTaps(p.axes[1])
				p.place(s, kernel)
				start += len(p.kernel)
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// place finds the taps in staged src and in the kernel.
func (p *polyphase) place(s *staging, kernel [3]int) {
	p.off = make([][]int, s.cells[0])
	for _, d := range p.axes[0].taps {
		for _, h := range p.axes[1].taps {
			for _, w := range p.axes[2].taps {
				p.kernel = append(p.kernel, (d.k*kernel[1]+h.k)*kernel[2]+w.k)
				for phase := range p.off {
					p.off[phase] = append(p.off[phase], s.offset(phase, d, h, w))
				}
			}
		}
	}
}

// insideTaps are, for each position of a component, the taps whose cell lies in
// src. Taps take cells in rising or in falling order, so those are neighbours.
func (x *axis) insideTaps(c *component) []span {
	all := make([]span, 0, c.hi-c.lo)
	for p := c.lo; p < c.hi; p++ {
		inside := span{}
		for i, t := range c.taps {
			if at := (p+t.shift)*x.step + x.origin + x.residues[t.residue]; at < 0 || at >= x.src {
				continue
			}
			if inside.hi == 0 {
				inside.lo = i
			}
			inside.hi = i + 1
		}
		all = append(all, inside)
	}
	return all
}

// and is what two ranges share; it may be empty, with hi below lo.
func (s span) and(t span) span { return span{max(s.lo, t.lo), min(s.hi, t.hi)} }

func (s span) size() int { return max(s.hi-s.lo, 0) }
