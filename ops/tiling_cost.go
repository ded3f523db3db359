package ops

// Rough costs in cycles: of a call of a kernel, and of staging a float, alone or
// side by side with those of other samples.
const (
	callCycles       = 150
	copyCycles       = 0.5
	interleaveCycles = 2
)

// planeCost is the number of cycles that one tap and input channel take, for all
// output channels, in runs runs of length floats.
type planeCost func(length, runs int) float64

// cycles estimates the time of an execution on one core, spent in kernels and
// spent in staging src and copying dst once.
func (t *tiling) cycles(w *partition, outBlocks int, cost planeCost) (kernels, staging float64) {
	s := newStaging(&t.axes, w.lanes(), t.axes[1].positions)
	for d := range t.axes[0].components {
		planes := t.axes[0].insideTaps(&t.axes[0].components[d])
		for h := range t.axes[1].components {
			for x := range t.axes[2].components {
				c, calls := t.planeCycles(&s, w.rowwise, &t.axes[1].components[h], &t.axes[2].components[x], cost)
				kernels += float64(totalSize(planes)*t.in)*c + float64(len(planes)*calls*t.inBlocks.count*outBlocks)*callCycles
			}
		}
	}
	perFloat := copyCycles
	if s.lanes > 1 {
		perFloat = interleaveCycles
	}
	src := t.in * s.length / s.cells[0] * (t.axes[0].positions + t.axes[0].reach)
	dst := t.out * t.axes[0].dst * t.axes[1].dst * t.axes[2].dst * s.lanes
	all := float64(w.samples.count * t.groups)
	return all * kernels, all * perFloat * float64(src+dst)
}

// planeCycles is the cost of a plane of one component, for one input channel and
// tap along D, and the number of calls.
func (t *tiling) planeCycles(s *staging, rowwise bool, h, w *component, cost planeCost) (cycles float64, calls int) {
	cols := w.hi - w.lo
	if !rowwise {
		return float64(len(h.taps)*len(w.taps)) * cost(s.run(h.hi-h.lo, cols), 1), 1
	}
	rows := t.axes[1].insideTaps(h)
	taps := float64(totalSize(rows)) / float64(len(rows)) * float64(len(w.taps))
	return taps * cost(cols*s.lanes, len(rows)), len(rows)
}

func totalSize(spans []span) (n int) {
	for _, s := range spans {
		n += s.size()
	}
	return n
}

// mostTaps is the largest number of taps of an element.
func mostTaps(axes *[3]axis) int {
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
