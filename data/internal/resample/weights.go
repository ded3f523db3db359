package resample

import "math"

// weights says how the pixels of a line of in make one of out pixels: pixel i is
// the sum of w[i·taps+k] times pixel first[i]+k.
type weights struct {
	in, out int
	taps    int
	first   []int32
	w       []float32
}

// set computes weights, unless they are those of the last call. Pixel i of out
// lies around c = (i+½)·in/out, and pixel j of in, whose middle is j+½, counts
// with a triangle of half-width s = max(1, in/out):
//
//	w(i, j) = max(0, 1 - |j+½-c|/s) / Σ over j
//
// Where s is 1 that is bilinear interpolation. Where the line shrinks, every
// pixel still counts, so that fine structure is averaged instead of sampled.
func (x *weights) set(in, out int) {
	if x.in == in && x.out == out {
		return
	}
	scale := float64(in) / float64(out)
	s := max(1, scale)
	x.in, x.out = in, out
	x.taps = min(in, 2*int(math.Ceil(s))+1)
	x.first = resized(x.first, out)
	x.w = resized(x.w, out*x.taps)
	clear(x.w)
	for i := range out {
		c := (float64(i) + .5) * scale
		// Taps beyond the triangle have no weight.
		from := min(max(0, int(math.Ceil(c-s-.5))), in-x.taps)
		x.first[i] = int32(from)
		triangle(x.w[i*x.taps:(i+1)*x.taps], float64(from)+.5-c, s)
	}
}

// triangle fills w with the weights of neighbours that begin at a distance from
// the middle.
func triangle(w []float32, distance, s float64) {
	weight := func(k int) float64 { return max(0, 1-math.Abs(distance+float64(k))/s) }
	sum := 0.
	for k := range w {
		sum += weight(k)
	}
	for k := range w {
		w[k] = float32(weight(k) / sum)
	}
}

// resized is x with n elements, of any values.
func resized[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	return x[:n]
}
