package ops

// slabs is a cover of the positions of a gather by boxes of equal size, the last
// along an axis being shorter: what one worker stages and computes at a time.
type slabs struct {
	positions [3]int
	size      [3]int
	count     [3]int
}

func newSlabs(axes *[3]axis) slabs {
	var s slabs
	for a := range axes {
		s.positions[a], s.count[a] = axes[a].positions, 1
	}
	s.size = s.positions
	return s
}

func (s *slabs) total() int { return s.count[0] * s.count[1] * s.count[2] }

// split makes slabs smaller, along D as long as there is more than one plane in
// them and then along H. It reports whether it could.
func (s *slabs) split() bool {
	for a := range 2 {
		if s.size[a] > 1 {
			before := s.size[a]
			for n := s.count[a] + 1; s.size[a] == before; n++ {
				s.size[a] = ceilDiv(s.positions[a], n)
			}
			s.count[a] = ceilDiv(s.positions[a], s.size[a])
			return true
		}
	}
	return false
}

// bounds is the first position of a slab and the one after its last.
func (s *slabs) bounds(i int) (first, end [3]int) {
	first[0] = i / s.count[1] * s.size[0]
	first[1] = i % s.count[1] * s.size[1]
	for a := range end {
		end[a] = min(first[a]+s.size[a], s.positions[a])
	}
	return first, end
}
