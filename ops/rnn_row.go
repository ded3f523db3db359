package ops

// rnnRows are rows of hidden units, one for each sample: that of sample n is at
// x[first + n·stride:].
type rnnRows struct {
	x             []float32
	first, stride int
}

// rows are what x, [T, N, sets, HC], has of one set at a step. A nil x has none.
func (r *recurrence) rows(x []float32, step, sets, set int) rnnRows {
	t, pitch := r.time(step)*r.desc.N, 1
	if r.desc.BatchFirst {
		t, pitch = r.time(step), r.desc.T
	}
	return rnnRows{x, (t*sets + set) * r.desc.HC, pitch * sets * r.desc.HC}
}

// of are the rows of a state [N, HC].
func (r *recurrence) of(state []float32) rnnRows { return rnnRows{state, 0, r.desc.HC} }

// cut is some units of a sample's row.
func (r rnnRows) cut(n int, units span) []float32 {
	if len(r.x) == 0 {
		return nil
	}
	return r.x[r.first+n*r.stride:][units.lo:units.hi]
}

// rnnStep is what all samples have at one time step. Tensors that the pass does not have
// are nil, and so become their rows.
type rnnStep struct {
	activation                   Activation
	gate, diffGate               [4]rnnRows
	kept, diffKept, bias         rnnRows
	h, hBefore, cBefore, diffDst rnnRows
	reset, diffH, diffC          rnnRows
	diffReset                    rnnRows
}

func (r *recurrence) step(step int) (s rnnStep) {
	gates := r.desc.Cell.Gates()
	for g := range gates {
		s.gate[g], s.diffGate[g] = r.rows(r.gates, step, gates, g), r.rows(r.diffGates, step, gates, g)
	}
	at := func(x []float32) rnnRows { return r.rows(x, step, 1, 0) }
	s.activation = r.desc.Activation
	s.h, s.hBefore = at(r.dst), r.before(step, r.dst, r.h0)
	s.kept, s.diffKept = at(r.kept), at(r.diffKept)
	s.reset, s.diffDst = at(r.reset), at(r.diffDst)
	s.diffH, s.diffC, s.diffReset = r.of(r.diffH), r.of(r.diffC), r.of(r.diffReset)
	switch {
	case r.desc.Cell == LSTM:
		s.cBefore = r.before(step, r.kept, r.c0)
	case r.cell.apart && r.desc.Bias:
		s.bias = rnnRows{r.bias, gates * r.desc.HC, 0}
	}
	return s
}

// row gives a cell what it works on.
func (s *rnnStep) row(n int, units span) rnnRow {
	row := rnnRow{
		activation: s.activation,
		h:          s.h.cut(n, units), hBefore: s.hBefore.cut(n, units), cBefore: s.cBefore.cut(n, units),
		kept: s.kept.cut(n, units), diffKept: s.diffKept.cut(n, units), bias: s.bias.cut(n, units),
		reset: s.reset.cut(n, units), diffDst: s.diffDst.cut(n, units),
		diffH: s.diffH.cut(n, units), diffC: s.diffC.cut(n, units), diffReset: s.diffReset.cut(n, units),
	}
	for g := range s.gate {
		row.gate[g], row.diffGate[g] = s.gate[g].cut(n, units), s.diffGate[g].cut(n, units)
	}
	return row
}
