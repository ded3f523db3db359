package ops

import "math"

var negativeInfinity = float32(math.Inf(-1))

// maxRow writes row (od, oh) of the maxima of a plane.
func (w *poolWindows) maxRow(dst, plane []float32, od, oh int) {
	d, h, x := &w[0], &w[1], &w[2]
	fill(dst, negativeInfinity)
	for i := d.windows[od].lo; i < d.windows[od].hi; i++ {
		for j := h.windows[oh].lo; j < h.windows[oh].hi; j++ {
			row := plane[(i*h.in+j)*x.in:][:x.in]
			for t, reach := range x.taps {
				at := reach.lo*x.stride + t - x.pad
				for o := reach.lo; o < reach.hi; o++ {
					dst[o] = max(dst[o], row[at])
					at += x.stride
				}
			}
		}
	}
}

// scatterMax adds every gradient of a plane to the place of its maximum.
func (w *poolWindows) scatterMax(diffSrc, diffDst, src []float32) {
	r := 0
	for od := range w[0].out {
		for oh := range w[1].out {
			for _, in := range w[2].windows {
				diffSrc[w.argmax(src, w[0].windows[od], w[1].windows[oh], in)] += diffDst[r]
				r++
			}
		}
	}
}

// argmax is the place of the first maximum of a window, NaN being above all.
func (w *poolWindows) argmax(src []float32, d, h, x span) int {
	best := (d.lo*w[1].in+h.lo)*w[2].in + x.lo
	biggest := src[best]
	for i := d.lo; i < d.hi; i++ {
		for j := h.lo; j < h.hi; j++ {
			row := (i*w[1].in + j) * w[2].in
			for at := row + x.lo; at < row+x.hi; at++ {
				if v := src[at]; v > biggest || (v != v && biggest == biggest) {
					best, biggest = at, v
				}
			}
		}
	}
	return best
}
