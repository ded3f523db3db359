package ops

// What follows works on pieces of flat buffers, such as an optimizer has, in the
// caller's goroutine: who has several workers gives each a piece. Operands have the
// length of the first one, and may be the same memory. Results are the same bits for
// every instruction set.

// SquaredNorm is the sum of the squares of x, formed in float64: what layer-wise rates
// (LARS, You et al. 2017; LAMB, You et al. 2020) and the clipping of gradients measure
// tensors by. It is less than infinite for any finite x.
func SquaredNorm(x []float32) float64 { return currentLoops().squares(x) }

// Scale sets dst to factor · src.
func Scale(dst, src []float32, factor float32) { currentLoops().scale(dst, src, factor) }

// Clip sets dst to src, with limit in place of what is larger and −limit in place of
// what is smaller; NaN stays NaN. The limit is not negative.
func Clip(dst, src []float32, limit float32) { currentLoops().clip(dst, src, limit) }

func clipPortable(dst, src []float32, limit float32) {
	src = src[:len(dst)]
	for i, v := range src {
		if v > limit {
			v = limit
		}
		if v < -limit {
			v = -limit
		}
		dst[i] = v
	}
}

// Mix is a step of an average: it sets dst to keep · dst + fresh · src, each element
// being computed in float64 and rounded once.
func Mix(dst, src []float32, keep, fresh float64) {
	currentLoops().movingAverage(dst, src, dst, keep, fresh)
}

// Swap exchanges a and b, of one length.
func Swap(a, b []float32) {
	b = b[:len(a)]
	for i, v := range a {
		a[i], b[i] = b[i], v
	}
}
