package ops

import "math"

var negativeInfinity = float32(math.Inf(-1))

// maxRow writes row (od, oh) of the maxima of a plane.
func (w *poolWindows) maxRow(l *loops, dst, plane []float32, od, oh int) {
	w.eachRun(od, oh, func(r windowRow, lo, hi int) { l.windowMax(r, dst[lo:hi], plane) })
}

// scatterMax adds every gradient of a plane to the place of its maximum.
func (w *poolWindows) scatterMax(l *loops, diffSrc, diffDst, src []float32) {
	for od := range w[0].out {
		for oh := range w[1].out {
			row := diffDst[(od*w[1].out+oh)*w[2].out:][:w[2].out]
			w.eachRun(od, oh, func(r windowRow, lo, hi int) { l.windowMaxBackward(r, diffSrc, row[lo:hi], src) })
		}
	}
}

func windowMaxPortable(w windowRow, dst, volume []float32) {
	for o := range dst {
		dst[o] = negativeInfinity
	}
	w.each(func(at int) {
		for o := range dst {
			dst[o] = max(dst[o], volume[at])
			at += w.stride
		}
	})
}

// windowMaxBackwardPortable adds each gradient to the place of the first maximum of
// its window, NaN being above all.
func windowMaxBackwardPortable(w windowRow, diffVolume, diffDst, volume []float32) {
	for _, v := range diffDst {
		best := w.at
		biggest := volume[best]
		w.each(func(at int) {
			if v := volume[at]; v > biggest || (v != v && biggest == biggest) {
				best, biggest = at, v
			}
		})
		diffVolume[best] += v
		w.at += w.stride
	}
}
