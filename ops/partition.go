package ops

// partition is how the work of a convolution is divided among workers. It is fixed
// when the primitive is made, and no result depends on who does the parts.
type partition struct {
	samples ranges // of the batch: the samples of a group are staged side by side
	groups  int    // of channels
	slabs   slabs
	chunks  evenBlocks // of blocks of output channels
	rowwise bool       // each row of a plane is a run of its own, else all are one
	inSrc   bool       // src is not staged
}

// slabs is a cover of the planes and rows of positions by boxes of equal size, the
// last along an axis being shorter.
type slabs struct{ planes, rows ranges }

type slab struct{ planes, rows span }

// place is what one part of the work covers.
type place struct {
	group   int  // of channels
	samples span // of the batch
	slab    slab
	blocks  span // of output channels
}

// lanes is the number of samples that are staged side by side.
func (w *partition) lanes() int { return w.samples.size }

func (w *partition) total() int {
	return w.samples.parts * w.groups * w.slabs.total() * w.chunks.count
}

// largest is the share of the work that the largest part is: where 7 planes are cut
// into 4 and 3, that is 4/7.
func (w *partition) largest() float64 {
	share := 1 / float64(w.groups)
	for _, r := range []ranges{w.samples, w.slabs.planes, w.slabs.rows} {
		share *= float64(min(r.size, r.n)) / float64(max(r.n, 1))
	}
	return share * float64(w.chunks.largest()) / float64(max(w.chunks.n, 1))
}

// place finds part number part.
func (w *partition) place(part int) (p place) {
	p.blocks.lo, p.blocks.hi = w.chunks.bounds(part % w.chunks.count)
	part /= w.chunks.count
	p.slab = w.slabs.at(part % w.slabs.total())
	part /= w.slabs.total()
	p.group = part % w.groups
	p.samples.lo, p.samples.hi = w.samples.bounds(part / w.groups)
	return p
}

func (s *slabs) total() int { return s.planes.parts * s.rows.parts }

func (s *slabs) at(i int) (b slab) {
	b.planes.lo, b.planes.hi = s.planes.bounds(i / s.rows.parts)
	b.rows.lo, b.rows.hi = s.rows.bounds(i % s.rows.parts)
	return b
}

// choices are the partitions to choose from for a batch of n: its samples one by
// one, or side by side in groups of a vector or a little less, or as they are in
// blocks; rows together or apart; and staged or, if src can be used as it is, not.
func (w partition) choices(n int, blocked, inSrc bool) (all []partition) {
	groups := []ranges{divide(n, 1), whole(n).smaller(Block)}
	if blocked {
		groups = []ranges{divide(n, Block)}
	}
	for _, group := range groups {
		for _, rowwise := range []bool{false, true} {
			w.samples, w.rowwise = group, rowwise
			all = append(all, w)
			if inSrc && rowwise {
				w.inSrc = true
				all = append(all, w)
				w.inSrc = false
			}
		}
	}
	return all
}

// splits are the partitions with a few more parts, along each axis that has some
// left to give.
func (w partition) splits() (all []partition) {
	if r := w.slabs.planes; r.size > 1 {
		s := w
		s.slabs.planes = r.smaller(r.size - 1)
		all = append(all, s)
	}
	if r := w.slabs.rows; r.size > 1 {
		s := w
		s.slabs.rows = r.smaller(r.size - 1)
		all = append(all, s)
	}
	if w.chunks.count < w.chunks.n {
		w.chunks.count = min(2*w.chunks.count, w.chunks.n)
		all = append(all, w)
	}
	return all
}

// stagedRows is the number of rows that all parts stage together, of one sample
// and input channel.
func (w *partition) stagedRows(axes *[3]axis) int {
	planes := w.slabs.planes.n + w.slabs.planes.parts*max(axes[0].reach-1, 0)
	rows := w.slabs.rows.n + w.slabs.rows.parts*max(axes[1].reach-1, 0)
	return planes * rows * w.chunks.count
}

// whole is n things in one part.
func whole(n int) ranges { return divide(n, n) }

// smaller is the division into the fewest parts of at most size, as equal as can be.
func (r ranges) smaller(size int) ranges {
	return divide(r.n, ceilDiv(r.n, max(ceilDiv(r.n, max(size, 1)), 1)))
}
