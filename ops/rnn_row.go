package ops

// row gives a cell what it works on. All tensors are rows of HC, and those that the
// pass does not have become nil.
func (r *recurrence) row(step, n int, units span) (row rnnRow) {
	t, gates := r.time(step)*r.desc.N+n, r.desc.Cell.Gates()
	for g := range gates {
		row.gate[g] = r.cut(r.gates, t*gates+g, units)
		row.diffGate[g] = r.cut(r.diffGates, t*gates+g, units)
	}
	row.activation = r.desc.Activation
	row.h, row.hBefore = r.cut(r.dst, t, units), r.cut(r.before(step, r.dst, r.h0), n, units)
	row.kept, row.diffKept = r.cut(r.kept, t, units), r.cut(r.diffKept, t, units)
	row.reset, row.diffDst = r.cut(r.reset, t, units), r.cut(r.diffDst, t, units)
	row.diffH, row.diffC, row.diffReset = r.cut(r.diffH, n, units), r.cut(r.diffC, n, units), r.cut(r.diffReset, n, units)
	switch {
	case r.desc.Cell == LSTM:
		row.cBefore = r.cut(r.before(step, r.kept, r.c0), n, units)
	case r.cell.apart && r.desc.Bias:
		row.bias = r.cut(r.bias, gates, units)
	}
	return row
}

// cut is some units of a row of HC.
func (r *recurrence) cut(x []float32, row int, units span) []float32 {
	if len(x) == 0 {
		return nil
	}
	return x[row*r.desc.HC:][units.lo:units.hi]
}
