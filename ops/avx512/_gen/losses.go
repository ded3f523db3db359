package main

import "math"

// losses are the gradients of losses: a is the prediction and b the target. Those
// without eˣ are computed in float64 and rounded once.
var losses = []operation{
	{"SquaredErrorBackward", "d0 · 2 · (a − b)", 2, 1, func(e *elementwise) step {
		scale := e.constant64(0)
		return e.wide(func(a, b vec) vec {
			e.VSUBPD(b, a, a)
			e.VADDPD(a, a, a)
			e.VMULPD(scale, a, a)
			return a
		})
	}},
	{"AbsoluteErrorBackward", "d0 · sign(a − b)", 2, 1, func(e *elementwise) step {
		scale, sign := e.constant64(0), newSign(e.kernel)
		return e.wide(func(a, b vec) vec {
			e.VSUBPD(b, a, a)
			sign.of(a)
			e.VMULPD(scale, a, a)
			return a
		})
	}},
	{"PercentageErrorBackward", "d0 · (100 · sign(a − b) / max(|b|, d1))", 2, 1, func(e *elementwise) step {
		scale, least, sign := e.constant64(0), e.constant64(1), newSign(e.kernel)
		hundred, signs := e.number64(100), e.number64(math.Copysign(0, -1))
		return e.wide(func(a, b vec) vec {
			e.VSUBPD(b, a, a)
			sign.of(a)
			e.VMULPD(hundred, a, a)
			e.VANDNPD(b, signs, b)
			e.VMAXPD(b, least, b)
			e.VDIVPD(b, a, a)
			e.VMULPD(scale, a, a)
			return a
		})
	}},
	{"BCEBackward", "c0 · (1 / (1 + e⁻ᵃ) − b)", 2, 1, func(e *elementwise) step {
		scale, s := e.constant(0), newLogistic(e.kernel)
		return func(x []vec) []vec {
			y := s.sigmoid(x[0])
			e.VSUBPS(x[1], y, y)
			e.VMULPS(scale, y, y)
			return []vec{y}
		}
	}},
	{"MovingAverage", "d0 · b + d1 · a", 2, 1, func(e *elementwise) step {
		keep, fresh := e.constant64(0), e.constant64(1)
		return e.wide(func(a, b vec) vec {
			e.VMULPD(keep, b, b)
			e.VMULPD(fresh, a, a)
			e.VADDPD(a, b, b)
			return b
		})
	}},
}

// wide computes a function of two operands in float64.
func (e *elementwise) wide(f func(a, b vec) vec) step {
	return func(x []vec) []vec {
		a, b := e.halves(x[0]), e.halves(x[1])
		return []vec{e.narrow(f(a[0], b[0]), f(a[1], b[1]))}
	}
}

// signum is what the sign of a float64 needs.
type signum struct {
	kernel
	zero, one, minusOne vec
}

func newSign(k kernel) signum { return signum{k, k.zeros(1)[0], k.number64(1), k.number64(-1)} }

// of makes x its sign. It stays where it is 0 or NaN.
func (s signum) of(x vec) {
	above, below := s.compare64(x, greater, s.zero), s.compare64(x, less, s.zero)
	s.pick64(above, s.one, x)
	s.pick64(below, s.minusOne, x)
}
