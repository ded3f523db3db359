package ops

import "math"

var negativeInfinity = float32(math.Inf(-1))

// maxRow writes row (od, oh) of the maxima of a plane.
func (w *poolWindows) maxRow(dst, plane []float32, od, oh int) {
	w.eachRun(od, oh, func(r windowRow, lo, hi int) { w.loops.max(r, dst[lo*w.cell:hi*w.cell], plane) })
}

// scatterMax adds every gradient of a plane to the place of its maximum.
func (w *poolWindows) scatterMax(diffSrc, diffDst, src []float32) {
	w.eachRow(diffSrc, diffDst, func(row []float32, od, oh int) {
		w.eachRun(od, oh, func(r windowRow, lo, hi int) {
			w.loops.maxBackward(r, diffSrc, row[lo*w.cell:hi*w.cell], src)
		})
	})
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
