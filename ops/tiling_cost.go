package ops

// Rough costs in cycles: of a call of a kernel, of a part of the work, and of staging a
// float: alone, side by side with those of other samples, or where it lies so already,
// without and with others between; of reading it where it lies, if it is not in the cache;
// and of writing one with others between, which waits for memory, besides.
const (
	callCycles       = 350
	partCycles       = 4000
	copyCycles       = 0.5
	interleaveCycles = 1.5
	vectorCycles     = 0.2
	apartCycles      = 0.7
	missCycles       = 0.1
	scatterCycles    = 4
)

// estimator is what the estimate of a convolution's data side and of its weight
// gradient differ in.
type estimator interface {
	// plane is the number of cycles that one tap and input channel take, for all output
	// channels, in runs runs of length floats.
	plane(length, runs int) float64
	// rows is the number that one tap along D and H and input channel take in some rows
	// of a component of W, each a run of its own of all taps along W, or several.
	rows(c *component, s *staging, rows int) (cycles float64, runs int)
	// besides is what the division costs besides.
	besides(w *partition) float64
}

// cycles estimates the time of an execution on one core.
func (t *tiling) cycles(w *partition, e estimator) float64 {
	s := newStaging(&t.axes, w.lanes(), t.axes[1].positions, w.inSrc)
	kernels := 0.0
	for d := range t.axes[0].components {
		planes := t.axes[0].insideTaps(&t.axes[0].components[d])
		for h := range t.axes[1].components {
			for x := range t.axes[2].components {
				c, calls := t.planeCycles(&s, w, &t.axes[1].components[h], &t.axes[2].components[x], e)
				kernels += float64(totalSize(planes)*t.in)*c + float64(len(planes)*calls*t.inBlocks.count*t.outBlocks.count)*callCycles
			}
		}
	}
	srcCycles := stageCycles(t.from, s.lanes, t.axes[2].step)
	if w.inSrc {
		srcCycles = missCycles
	}
	src := t.in * (s.window() / (s.cells[0] * s.cells[1])) * w.stagedRows(&t.axes)
	dst := t.out * t.axes[0].dst * t.axes[1].dst * t.axes[2].dst * s.lanes
	if t.inDst && w.rowwise {
		dst = 0
	}
	dstCycles := stageCycles(t.to, s.lanes, 1)
	if t.axes[2].dstStep > 1 {
		dstCycles += scatterCycles
	}
	part := kernels + srcCycles*float64(src) + dstCycles*float64(dst) + partCycles*float64(w.slabs.total()*w.chunks.count)
	return part*float64(w.samples.parts*t.groups) + e.besides(w)
}

// planeCycles is the cost of a plane of one component, for one input channel and
// tap along D, and the number of calls.
func (t *tiling) planeCycles(s *staging, w *partition, h, x *component, e estimator) (cycles float64, calls int) {
	height, cols := h.hi-h.lo, x.hi-x.lo
	n := min(w.slabs.rows.parts, height)
	if !w.rowwise {
		return float64(len(h.taps)*len(x.taps)*n) * e.plane(s.run(ceilDiv(height, n), cols), 1), n
	}
	taps := float64(totalSize(t.axes[1].insideTaps(h))) / float64(height) * float64(n)
	cycles, runs := e.rows(x, s, ceilDiv(height, n))
	return taps * cycles, height * runs
}

// stageCycles is the cost of staging a float of a tensor in the layout, or of bringing
// it back, where neighbours along W lie step apart.
func stageCycles(l Layout, lanes, step int) float64 {
	switch {
	case l == NCX16n && step == 1:
		return vectorCycles
	case l == NCX16n:
		return apartCycles
	case lanes > 1:
		return interleaveCycles
	}
	return copyCycles
}

func totalSize(spans []span) (n int) {
	for _, s := range spans {
		n += s.size()
	}
	return n
}

// mostTaps is the largest number of taps of an element.
func mostTaps(axes []axis) int {
	taps := 1
	for a := range axes {
		most := 0
		for _, c := range axes[a].components {
			most = max(most, len(c.taps))
		}
		taps *= most
	}
	return taps
}
