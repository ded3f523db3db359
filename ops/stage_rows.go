package ops

// samples are a row of several samples: that of sample i starts at data[i·stride].
type samples struct {
	data          []float32
	stride, count int
}

// from is what lies at elements further on in every sample.
func (s samples) from(at int) samples {
	s.data = s.data[at:]
	return s
}

// rowCopy copies rows of src, for one residue of W, to staged rows: cells lo to hi
// lie inside the row, the first of them at from, the others every step.
type rowCopy struct{ lo, hi, from, step int }

func newRowCopy(w *axis, residue, cells int) rowCopy {
	start := w.origin + residue
	c := rowCopy{
		lo: max(0, ceilDiv(-start, w.step)), hi: min(cells, floorDiv(w.src-1-start, w.step)+1),
		step: w.step,
	}
	if c.lo >= c.hi {
		return rowCopy{step: w.step}
	}
	c.from = c.lo*w.step + start
	return c
}

// copy fills a staged row. Lanes for which there is no sample become zeros.
func (c rowCopy) copy(dst []float32, src samples, lanes int) {
	clear(dst[:c.lo*lanes])
	clear(dst[c.hi*lanes:])
	if c.lo == c.hi {
		return
	}
	interleave(dst[c.lo*lanes:c.hi*lanes], src.from(c.from), c.step, lanes)
}

// interleave writes every step-th element of each sample to the sample's lane of
// dst: lane l has the elements l, lanes + l, 2·lanes + l, … of it.
func interleave(dst []float32, src samples, step, lanes int) {
	if lanes == 1 && step == 1 {
		copy(dst, src.data)
		return
	}
	n, l := len(dst)/lanes, 0
	if step == 1 {
		for ; l+4 <= src.count; l += 4 {
			r := src.from(l * src.stride)
			interleave4(dst[l:], lanes, r.data[:n], r.data[r.stride:], r.data[2*r.stride:], r.data[3*r.stride:])
		}
	}
	for ; l < src.count; l++ {
		row, from := src.data[l*src.stride:], 0
		for to := l; to < len(dst); to += lanes {
			dst[to] = row[from]
			from += step
		}
	}
	for ; l < lanes; l++ {
		for to := l; to < len(dst); to += lanes {
			dst[to] = 0
		}
	}
}

// interleave4 writes four samples to the first four lanes.
func interleave4(dst []float32, lanes int, a, b, c, d []float32) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	for i, v := range a {
		q := (*[4]float32)(dst[i*lanes:])
		q[0], q[1], q[2], q[3] = v, b[i], c[i], d[i]
	}
}

// deinterleave is the opposite: it writes the lanes of src to every step-th element
// of each sample.
func deinterleave(dst samples, src []float32, step, lanes int) {
	if lanes == 1 && step == 1 {
		copy(dst.data, src)
		return
	}
	n, l := len(src)/lanes, 0
	if step == 1 {
		for ; l+4 <= dst.count; l += 4 {
			r := dst.from(l * dst.stride)
			deinterleave4(r.data[:n], r.data[r.stride:], r.data[2*r.stride:], r.data[3*r.stride:], src[l:], lanes)
		}
	}
	for ; l < dst.count; l++ {
		row, to := dst.data[l*dst.stride:], 0
		for from := l; from < len(src); from += lanes {
			row[to] = src[from]
			to += step
		}
	}
}

// deinterleave4 writes the first four lanes to four samples.
func deinterleave4(a, b, c, d, src []float32, lanes int) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	for i := range a {
		q := (*[4]float32)(src[i*lanes:])
		a[i], b[i], c[i], d[i] = q[0], q[1], q[2], q[3]
	}
}
