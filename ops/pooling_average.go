package ops

// divisor is the number that the sum over window (od, oh, ow) is divided by.
func (w *poolWindows) divisor(od, oh, ow int) float64 {
	return float64(w.axes[0].counts[od] * w.axes[1].counts[oh] * w.axes[2].counts[ow])
}

// averageRow writes row (od, oh) of the averages of a plane.
func (w *poolWindows) averageRow(dst, plane []float32, od, oh int) {
	if x := &w.axes[2]; w.cell == 1 && x.windows[0] == (span{0, x.in}) && x.out == 1 {
		dst[0] = float32(w.sumRows(plane, od, oh) / w.divisor(od, oh, 0))
		return
	}
	w.eachRun(od, oh, func(r windowRow, lo, hi int) {
		w.loops.averages(r, dst[lo*w.cell:hi*w.cell], plane, w.divisor(od, oh, lo))
	})
}

// sumRows adds up the whole rows that the only window has.
func (w *poolWindows) sumRows(plane []float32, od, oh int) float64 {
	d, h, x := &w.axes[0], &w.axes[1], &w.axes[2]
	lo, hi := h.windows[oh].lo*x.in, h.windows[oh].hi*x.in
	sum := 0.0
	for i := d.windows[od].lo; i < d.windows[od].hi; i++ {
		sum += w.sum(plane[i*h.in*x.in:][lo:hi])
	}
	return sum
}

// scatterAverage gives every element of a window its share of the gradient.
func (w *poolWindows) scatterAverage(diffSrc, diffDst []float32) {
	w.eachRow(diffSrc, diffDst, func(row []float32, od, oh int) {
		w.eachRun(od, oh, func(r windowRow, lo, hi int) {
			w.loops.spread(r, diffSrc, row[lo*w.cell:hi*w.cell], w.divisor(od, oh, lo))
		})
	})
}

// eachRow calls do for the rows of a plane of gradients that are to be added to diffSrc,
// which is set to zero as far as they reach: what is cleared is still in the cache.
func (w *poolWindows) eachRow(diffSrc, diffDst []float32, do func(row []float32, od, oh int)) {
	n, cleared := w.axes[2].out*w.cell, 0
	for od := range w.axes[0].out {
		for oh := range w.axes[1].out {
			reach := max(w.reach(od, oh), cleared)
			clear(diffSrc[cleared:reach])
			cleared = reach
			do(diffDst[:n], od, oh)
			diffDst = diffDst[n:]
		}
	}
	clear(diffSrc[cleared:])
}

// reach is the end of the last row that windows (od, oh) have elements of.
func (w *poolWindows) reach(od, oh int) int {
	d, h := &w.axes[0], &w.axes[1]
	return ((d.windows[od].hi-1)*h.in + h.windows[oh].hi) * w.axes[2].in * w.cell
}

// eachRun calls do for the windows lo to hi of row (od, oh): those that are whole
// along the row together, the others one by one.
func (w *poolWindows) eachRun(od, oh int, do func(r windowRow, lo, hi int)) {
	d, h, x := &w.axes[0], &w.axes[1], &w.axes[2]
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
