package ops

// divisor is the number that the sum over window (od, oh, ow) is divided by.
func (w *poolWindows) divisor(od, oh, ow int) float64 {
	return float64(w[0].counts[od] * w[1].counts[oh] * w[2].counts[ow])
}

// averageRow writes row (od, oh) of the averages of a plane.
func (w *poolWindows) averageRow(l *loops, dst, plane []float32, od, oh int) {
	if w[2].windows[0] == (span{0, w[2].in}) && w[2].out == 1 {
		dst[0] = float32(w.sumRows(l, plane, od, oh) / w.divisor(od, oh, 0))
		return
	}
	w.eachRun(od, oh, func(r windowRow, lo, hi int) {
		l.windowAverages(r, dst[lo:hi], plane, w.divisor(od, oh, lo))
	})
}

// sumRows adds up the whole rows that the only window has.
func (w *poolWindows) sumRows(l *loops, plane []float32, od, oh int) float64 {
	d, h, x := &w[0], &w[1], &w[2]
	lo, hi := h.windows[oh].lo*x.in, h.windows[oh].hi*x.in
	sum := 0.0
	for i := d.windows[od].lo; i < d.windows[od].hi; i++ {
		sum += l.sum(plane[i*h.in*x.in:][lo:hi])
	}
	return sum
}

// scatterAverage gives every element of a window its share of the gradient.
func (w *poolWindows) scatterAverage(l *loops, diffSrc, diffDst []float32) {
	for od := range w[0].out {
		for oh := range w[1].out {
			row := diffDst[(od*w[1].out+oh)*w[2].out:][:w[2].out]
			w.eachRun(od, oh, func(r windowRow, lo, hi int) {
				l.windowSpread(r, diffSrc, row[lo:hi], w.divisor(od, oh, lo))
			})
		}
	}
}

// eachRun calls do for the windows lo to hi of row (od, oh): those that are whole
// along the row together, the others one by one.
func (w *poolWindows) eachRun(od, oh int, do func(r windowRow, lo, hi int)) {
	d, h, x := &w[0], &w[1], &w[2]
	planes, rows := d.windows[od], h.windows[oh]
	r := windowRow{
		planes: planes.hi - planes.lo, planeStride: h.in * x.in,
		rows: rows.hi - rows.lo, rowStride: x.in, stride: x.stride,
	}
	for lo := 0; lo < x.out; {
		hi := lo + 1
		if lo == x.whole.lo {
			hi = max(hi, x.whole.hi)
		}
		r.at = (planes.lo*h.in+rows.lo)*x.in + x.windows[lo].lo
		r.taps = x.windows[lo].hi - x.windows[lo].lo
		do(r, lo, hi)
		lo = hi
	}
}
