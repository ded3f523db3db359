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

// row gives a cell what it works on. Tensors that the pass does not have become nil.
func (r *recurrence) row(step, n int, units span) (row rnnRow) {
	gates := r.desc.Cell.Gates()
	for g := range gates {
		row.gate[g] = r.rows(r.gates, step, gates, g).cut(n, units)
		row.diffGate[g] = r.rows(r.diffGates, step, gates, g).cut(n, units)
	}
	at := func(x []float32) []float32 { return r.rows(x, step, 1, 0).cut(n, units) }
	row.activation = r.desc.Activation
	row.h, row.hBefore = at(r.dst), r.before(step, r.dst, r.h0).cut(n, units)
	row.kept, row.diffKept = at(r.kept), at(r.diffKept)
	row.reset, row.diffDst = at(r.reset), at(r.diffDst)
	row.diffH, row.diffC = r.of(r.diffH).cut(n, units), r.of(r.diffC).cut(n, units)
	row.diffReset = r.of(r.diffReset).cut(n, units)
	switch {
	case r.desc.Cell == LSTM:
		row.cBefore = r.before(step, r.kept, r.c0).cut(n, units)
	case r.cell.apart && r.desc.Bias:
		row.bias = rnnRows{r.bias, gates * r.desc.HC, 0}.cut(n, units)
	}
	return row
}
