package ops

import "fmt"

// NewMovingAverage returns the exponential moving average that batch
// normalisation keeps for inference:
//
//	running' = keep · running + (1 − keep) · scale · batch
//
// keep lies in [0, 1]: PyTorch's 1 − momentum. A scale of m/(m−1) turns the
// variance of a batch of m elements into the unbiased one.
//
//	in:  batch [n], running [n]
//	out: running' [n], which may be running
func NewMovingAverage(n int, keep, scale float32) (Primitive, error) {
	if _, err := elements("moving average", n); err != nil {
		return nil, err
	}
	if !(keep >= 0 && keep <= 1) {
		return nil, invalid("moving average", "keep %g: it must lie in [0, 1]", keep)
	}
	info := Info{
		Kind:    "moving_average",
		Problem: fmt.Sprintf("keep:%g scale:%g %d", keep, scale, n),
		FLOPs:   3 * int64(n),
		Bytes:   floatBytes(3 * n),
	}
	old, fresh := float64(keep), (1-float64(keep))*float64(scale)
	l := currentLoops()
	info.Impl = l.impl()
	return elementwise(info, n, func(c *call, lo, hi int) {
		l.movingAverage(c.out[0][lo:hi], c.in[0][lo:hi], c.in[1][lo:hi], old, fresh)
	}), nil
}

func movingAveragePortable(dst, batch, running []float32, keep, fresh float64) {
	batch, running = batch[:len(dst)], running[:len(dst)]
	for i, v := range batch {
		dst[i] = float32(float64(keep*float64(running[i])) + float64(fresh*float64(v)))
	}
}
