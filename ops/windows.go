package ops

// windowRow are neighbouring windows in a volume, all of one size and wholly inside:
// window o has the elements
//
//	at + d·planeStride + h·rowStride + t + o·stride,  d < planes, h < rows, t < taps
//
// and its sum is taken in this order.
type windowRow struct {
	at                  int
	planes, planeStride int
	rows, rowStride     int
	taps, stride        int
}

// end is the place after the last element of n windows.
func (w windowRow) end(n int) int {
	return w.at + (w.planes-1)*w.planeStride + (w.rows-1)*w.rowStride + (n-1)*w.stride + w.taps
}

// windowLanes is how many neighbouring windows are averaged together.
const windowLanes = 64

// windowAveragesPortable writes the sum of each window over a divisor. A window may
// be the whole volume, so sums are formed in float64.
func windowAveragesPortable(w windowRow, dst, volume []float32, divisor float64) {
	for len(dst) > 0 {
		var sum [windowLanes]float64
		part := dst[:min(len(dst), windowLanes)]
		w.each(func(at int) {
			for o := range part {
				sum[o] += float64(volume[at])
				at += w.stride
			}
		})
		for o := range part {
			part[o] = float32(sum[o] / divisor)
		}
		dst, w.at = dst[len(part):], w.at+len(part)*w.stride
	}
}

// windowSpreadPortable adds a share of each window's number to its elements.
func windowSpreadPortable(w windowRow, volume, src []float32, divisor float64) {
	for len(src) > 0 {
		var share [windowLanes]float32
		part := src[:min(len(src), windowLanes)]
		for o, v := range part {
			share[o] = float32(float64(v) / divisor)
		}
		w.each(func(at int) {
			for o := range part {
				volume[at] += share[o]
				at += w.stride
			}
		})
		src, w.at = src[len(part):], w.at+len(part)*w.stride
	}
}

// each calls do for the elements of the first window.
func (w windowRow) each(do func(at int)) {
	for d := range w.planes {
		for h := range w.rows {
			at := w.at + d*w.planeStride + h*w.rowStride
			for t := range w.taps {
				do(at + t)
			}
		}
	}
}
