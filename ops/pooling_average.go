package ops

// poolLanes is how many neighbouring windows are averaged together.
const poolLanes = 64

// divisor is the number that the sum over window (od, oh, ow) is divided by.
func (w *poolWindows) divisor(od, oh, ow int) float64 {
	return float64(w[0].counts[od] * w[1].counts[oh] * w[2].counts[ow])
}

// averageRow writes row (od, oh) of the averages of a plane. A window may be the
// whole input, so sums are formed in float64.
func (w *poolWindows) averageRow(dst, plane []float32, od, oh int) {
	for first := 0; first < len(dst); first += poolLanes {
		var sum [poolLanes]float64
		part := dst[first:min(first+poolLanes, len(dst))]
		w.addWindows(sum[:len(part)], plane, od, oh, first)
		for i := range part {
			part[i] = float32(sum[i] / w.divisor(od, oh, first+i))
		}
	}
}

// addWindows adds up the windows (od, oh, first…).
func (w *poolWindows) addWindows(sum []float64, plane []float32, od, oh, first int) {
	d, h, x := &w[0], &w[1], &w[2]
	for i := d.windows[od].lo; i < d.windows[od].hi; i++ {
		for j := h.windows[oh].lo; j < h.windows[oh].hi; j++ {
			row := plane[(i*h.in+j)*x.in:][:x.in]
			for t, reach := range x.taps {
				lo, hi := max(reach.lo, first), min(reach.hi, first+len(sum))
				at := lo*x.stride + t - x.pad
				for o := lo; o < hi; o++ {
					sum[o-first] += float64(row[at])
					at += x.stride
				}
			}
		}
	}
}

// scatterAverage gives every element of a window its share of the gradient.
func (w *poolWindows) scatterAverage(diffSrc, diffDst []float32) {
	for od := range w[0].out {
		for oh := range w[1].out {
			row := diffDst[(od*w[1].out+oh)*w[2].out:][:w[2].out]
			for first := 0; first < len(row); first += poolLanes {
				var share [poolLanes]float32
				part := row[first:min(first+poolLanes, len(row))]
				for i, g := range part {
					share[i] = float32(float64(g) / w.divisor(od, oh, first+i))
				}
				w.spread(diffSrc, share[:len(part)], od, oh, first)
			}
		}
	}
}

// spread adds the shares to the elements of the windows (od, oh, first…).
func (w *poolWindows) spread(diffSrc, share []float32, od, oh, first int) {
	d, h, x := &w[0], &w[1], &w[2]
	for i := d.windows[od].lo; i < d.windows[od].hi; i++ {
		for j := h.windows[oh].lo; j < h.windows[oh].hi; j++ {
			row := diffSrc[(i*h.in+j)*x.in:][:x.in]
			for t, reach := range x.taps {
				lo, hi := max(reach.lo, first), min(reach.hi, first+len(share))
				at := lo*x.stride + t - x.pad
				for o := lo; o < hi; o++ {
					row[at] += share[o-first]
					at += x.stride
				}
			}
		}
	}
}
