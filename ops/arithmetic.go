package ops

import "fmt"

// NewSum returns the primitive dst = in[0] + in[1] + … + in[k−1], added in that
// order, for k ≥ 1 tensors of n elements.
//
//	in:  k tensors [n]
//	out: dst [n], which may be in[0]
func NewSum(n, k int) (Primitive, error) {
	if k < 1 {
		return nil, invalid("sum", "%d tensors: at least 1 is needed", k)
	}
	info, err := arithmeticInfo("sum", "sum", n, k, k-1)
	if err != nil {
		return nil, err
	}
	l := currentLoops()
	info.Impl = l.impl()
	return elementwise(info, n, func(c *call, lo, hi int) {
		dst, first := c.out[0][lo:hi], c.in[0][lo:hi]
		if k == 1 {
			copy(dst, first)
		}
		for _, src := range c.in[1:k] {
			l.add(dst, first, src[lo:hi])
			first = dst
		}
	}), nil
}

// NewMul returns the primitive dst = a · b, element by element.
//
//	in:  a [n], b [n]
//	out: dst [n], which may be a or b
func NewMul(n int) (Primitive, error) {
	info, err := arithmeticInfo("binary", "mul", n, 2, 1)
	if err != nil {
		return nil, err
	}
	l := currentLoops()
	info.Impl = l.impl()
	return elementwise(info, n, func(c *call, lo, hi int) {
		l.mul(c.out[0][lo:hi], c.in[0][lo:hi], c.in[1][lo:hi])
	}), nil
}

// NewScale returns the primitive dst = factor · src.
//
//	in:  src [n]
//	out: dst [n], which may be src
func NewScale(n int, factor float32) (Primitive, error) {
	info, err := arithmeticInfo("eltwise", "scale", n, 1, 1)
	if err != nil {
		return nil, err
	}
	info.Problem = fmt.Sprintf("factor:%g %d", factor, n)
	l := currentLoops()
	info.Impl = l.impl()
	return elementwise(info, n, func(c *call, lo, hi int) {
		l.scale(c.out[0][lo:hi], c.in[0][lo:hi], factor)
	}), nil
}

func addPortable(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

func mulPortable(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i, v := range a {
		dst[i] = v * b[i]
	}
}

func scalePortable(dst, src []float32, factor float32) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] = factor * v
	}
}

func shiftPortable(dst, src []float32, by float32) {
	src = src[:len(dst)]
	for i, v := range src {
		dst[i] = v + by
	}
}

// arithmeticInfo describes an elementwise operation on n elements with a number
// of inputs, and of operations for each element.
func arithmeticInfo(kind, alg string, n, inputs, flops int) (Info, error) {
	if _, err := elements(alg, n, inputs+1); err != nil {
		return Info{}, err
	}
	return Info{
		Kind:    kind,
		Problem: fmt.Sprintf("alg:%s inputs:%d %d", alg, inputs, n),
		FLOPs:   int64(n) * int64(flops),
		Bytes:   floatBytes((inputs + 1) * n),
	}, nil
}
