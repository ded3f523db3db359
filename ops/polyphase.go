package ops

import (
	"slices"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// polyphase is one component of dst along every axis: what those elements need. Its taps
// are numbered [along D][along H][along W], which is also the order in which they are
// added: neighbours along W read the same cache lines.
type polyphase struct {
	axes   [3]*component
	counts [3]int    // of taps, along each axis
	inside [3][]span // for each position of the component, the taps along the axis that lie in src
	kernel []int     // the place of every tap in the kernel volume
	// neighbours says that these follow each other, as all do where there is no stride.
	// Those of a pair of channels are a row of plain weights then.
	neighbours bool
	start      int // number of taps of the components before

	planes [][]avx512.Tap // the taps along D, for each phase of the ring of staged src
	rows   [][]avx512.Tap // the taps of a plane, along H and, of each, along W
}

// polyphases lists the components of dst.
func polyphases(s *staging, kernel [3]int) (parts []polyphase) {
	start := 0
	for d := range s.axes[0].components {
		for h := range s.axes[1].components {
			for w := range s.axes[2].components {
				p := polyphase{start: start}
				p.axes = [3]*component{&s.axes[0].components[d], &s.axes[1].components[h], &s.axes[2].components[w]}
				for a, c := range p.axes {
					p.counts[a] = len(c.taps)
					p.inside[a] = s.axes[a].insideTaps(c)
				}
				p.number(kernel)
				p.place(s)
				start += len(p.kernel)
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// number finds the taps in the kernel.
func (p *polyphase) number(kernel [3]int) {
	for _, d := range p.axes[0].taps {
		for _, h := range p.axes[1].taps {
			for _, w := range p.axes[2].taps {
				p.kernel = append(p.kernel, (d.k*kernel[1]+h.k)*kernel[2]+w.k)
			}
		}
	}
	p.neighbours = len(p.kernel) > 0
	for i, k := range p.kernel {
		p.neighbours = p.neighbours && k == p.kernel[0]+i
	}
}

// place finds the taps in staged src.
func (p *polyphase) place(s *staging) {
	p.planes = make([][]avx512.Tap, s.phases())
	for phase := range p.planes {
		for i, d := range p.axes[0].taps {
			p.planes[phase] = append(p.planes[phase], avx512.Tap{A: i * p.counts[1] * p.counts[2], B: s.planeOffset(phase, d)})
		}
	}
	for i, h := range p.axes[1].taps {
		var row []avx512.Tap
		for k, w := range p.axes[2].taps {
			row = append(row, avx512.Tap{A: i*p.counts[2] + k, B: s.rowOffset(h, w)})
		}
		p.rows = append(p.rows, row)
	}
}

// of lists the taps h along H and w along W.
func (p *polyphase) of(h, w span) (taps []avx512.Tap) {
	for _, row := range p.rows[h.lo:h.hi] {
		taps = append(taps, row[w.lo:w.hi]...)
	}
	return taps
}

// step is the distance in staged src of neighbouring taps along W, and whether it is the
// same for all.
func (p *polyphase) step() (step int, same bool) {
	if p.counts[1] == 0 || p.counts[2] < 2 {
		return 0, true
	}
	row := p.rows[0]
	step = row[1].B - row[0].B
	return step, !slices.ContainsFunc(row, func(t avx512.Tap) bool { return t.B != row[0].B+(t.A-row[0].A)*step })
}

// insideTaps are, for each position of a component, the taps whose cell lies in
// src. Taps take cells in rising or in falling order, so those are neighbours.
func (x *axis) insideTaps(c *component) []span {
	all := make([]span, 0, c.hi-c.lo)
	for p := c.lo; p < c.hi; p++ {
		inside := span{}
		for i, t := range c.taps {
			if at := p*x.step + x.offset(t); at < 0 || at >= x.src {
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

// hull is the least range that has both. An empty one has nothing.
func (s span) hull(t span) span {
	switch {
	case s.size() == 0:
		return t
	case t.size() == 0:
		return s
	}
	return span{min(s.lo, t.lo), max(s.hi, t.hi)}
}

func (s span) size() int { return max(s.hi-s.lo, 0) }
