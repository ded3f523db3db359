package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
)

// smooth are the activations made of eˣ, and their gradients where those need the
// argument. They are computed in float32, from e^−|x|, which does not overflow: the
// results differ from those of the Go code by a few units in the last place.
var smooth = []operation{
	{"ELU", "a if a ≥ 0, else c0 · (eᵃ − 1)", 1, 1, func(e *elementwise) step {
		alpha, zero, f := e.constant(0), e.zeros(1)[0], newExponential(e.kernel, leastMinusOne)
		return func(x []vec) []vec {
			y := f.minusOne(x[0])
			e.VMULPS(alpha, y, y)
			e.pick(e.compare(x[0], notGreaterEqual, zero), y, x[0])
			return x
		}
	}},
	{"Tanh", "tanh a", 1, 1, func(e *elementwise) step {
		two, sign, f := e.literal(2), e.signs(), newExponential(e.kernel, leastMinusOne)
		return func(x []vec) []vec { // but for the sign, y / (y + 2) with y = e^(−2|x|) − 1
			twice, below := e.vector(), e.vector()
			e.VADDPS(x[0], x[0], twice)
			e.VORPS(sign, twice, twice)
			y := f.minusOne(twice)
			e.VADDPS(two, y, below)
			e.VDIVPS(below, y, y)
			e.copySign(sign, x[0], y)
			return []vec{y}
		}
	}},
	{"Sigmoid", "1 / (1 + e⁻ᵃ)", 1, 1, func(e *elementwise) step {
		s := newLogistic(e.kernel)
		return func(x []vec) []vec { return []vec{s.sigmoid(x[0])} }
	}},
	{"SiLU", "a / (1 + e⁻ᵃ)", 1, 1, func(e *elementwise) step {
		s := newLogistic(e.kernel)
		return func(x []vec) []vec {
			y := s.sigmoid(x[0])
			e.VMULPS(x[0], y, y)
			return []vec{y}
		}
	}},
	{"SiLUBackward", "a · σ(b) · (1 + b · σ(−b))", 2, 1, func(e *elementwise) step {
		s := newLogistic(e.kernel)
		return func(x []vec) []vec {
			y, other := s.sides(x[1])
			e.VMULPS(x[1], other, other)
			e.VFMADD213PS(y, y, other)
			e.VMULPS(x[0], other, other)
			return []vec{other}
		}
	}},
	{"Softplus", "ln(1 + eᵃ)", 1, 1, func(e *elementwise) step {
		s, l := newLogistic(e.kernel), newLogarithm(e.kernel)
		return func(x []vec) []vec {
			y := l.ofOnePlus(s.small(x[0]))
			e.VMAXPS(x[0], s.zero, x[0])
			e.VADDPS(x[0], y, y)
			return []vec{y}
		}
	}},
	{"SoftplusBackward", "a / (1 + e⁻ᵇ)", 2, 1, func(e *elementwise) step {
		s := newLogistic(e.kernel)
		return func(x []vec) []vec {
			y := s.sigmoid(x[1])
			e.VMULPS(x[0], y, y)
			return []vec{y}
		}
	}},
	{"GELU", "a · Φ(a), Φ being the normal distribution function", 1, 1, func(e *elementwise) step {
		g := newNormal(e.kernel)
		return func(x []vec) []vec { return []vec{g.gelu(x[0])} }
	}},
	{"GELUBackward", "a · (Φ(b) + b · Φ′(b))", 2, 1, func(e *elementwise) step {
		g := newNormal(e.kernel)
		return func(x []vec) []vec {
			y := g.geluSlope(x[1])
			e.VMULPS(x[0], y, y)
			return []vec{y}
		}
	}},
}

// signs are the sign bits of all lanes.
func (k kernel) signs() vec { return k.bits(1 << 31) }

// logistic is what the logistic function σ(x) = 1 / (1 + e⁻ˣ) needs.
type logistic struct {
	*exponential
	sign, zero vec
}

func newLogistic(k kernel) logistic {
	return logistic{newExponential(k, leastExp), k.signs(), k.zeros(1)[0]}
}

// small is e^−|x|.
func (s logistic) small(x vec) vec {
	minus := s.vector()
	s.VORPS(s.sign, x, minus)
	return s.of(minus)
}

// sigmoid is E / (1 + E) below 0, with E = e^−|x|, and else 1 / (1 + E).
func (s logistic) sigmoid(x vec) vec {
	y := s.small(x)
	below := s.vector()
	s.VADDPS(s.one, y, below)
	s.pick(s.notNegative(x), s.one, y)
	s.VDIVPS(below, y, y)
	return y
}

// sides are σ(x) and σ(−x).
func (s logistic) sides(x vec) (y, other vec) {
	y, other = s.small(x), s.vector()
	below := s.vector()
	s.VADDPS(s.one, y, below)
	s.VDIVPS(below, s.one, other)
	s.VDIVPS(below, y, y)
	s.exchange(s.notNegative(x), y, other)
	return y, other
}

// notNegative are the lanes x ≥ 0.
func (s logistic) notNegative(x vec) where { return s.compare(x, notLess, s.zero) }

// exchange swaps lanes of a and b.
func (k kernel) exchange(w where, a, b vec) {
	before := k.vector()
	k.VMOVAPS(a, before)
	k.pick(w, b, a)
	k.pick(w, before, b)
}

// logarithm is what ln(1 + y) needs, for y from 0 to 1. With s = y/(2 + y) it is
//
//	ln(1 + y) = 2·artanh s = y − (h − s·(h + s²·Q(s²))),  h = y²/2,
//
// Q(w) being a minimax polynomial with which the result is right to 5·10⁻⁹.
type logarithm struct {
	kernel
	half, two    operand.Op
	coefficients []operand.Op
}

func newLogarithm(k kernel) logarithm {
	return logarithm{k, k.literal(0.5), k.literal(2), each(k.literal, 0.6666642606, 0.4002109771, 0.2800758266, 0.2798756129)}
}

// ofOnePlus is ln(1 + y).
func (l logarithm) ofOnePlus(y vec) vec {
	h, s, w, q := l.vector(), l.vector(), l.vector(), l.vector()
	l.VMULPS(l.half, y, h)
	l.VMULPS(y, h, h)
	l.VADDPS(l.two, y, s)
	l.VDIVPS(s, y, s)
	l.VMULPS(s, s, w)
	l.polynomial(l.coefficients, w, q)
	l.VFMADD213PS(h, w, q)
	l.VFNMADD213PS(h, s, q)
	l.VSUBPS(q, y, y)
	return y
}

// normal is what the normal distribution function Φ needs. With a = |x|
//
//	Φ(−a) = e^(−a²/2) · T(a),  T(a) = e^(a²/2) · erfc(a/√2) / 2,
//
// and T is a minimax polynomial of t = (a − 3)/(a + 3), right to 2·10⁻⁸ up to a = 15;
// beyond that Φ(−a) is 0.
type normal struct {
	*exponential
	sign, most   vec
	three        vec
	half, minus  operand.Op // ½ and −½
	density      operand.Op // φ(0)
	coefficients []operand.Op
}

func newNormal(k kernel) *normal {
	g := &normal{exponential: newExponential(k, leastExp), sign: k.signs(), most: k.number(15), three: k.number(3)}
	g.half, g.minus, g.density = k.literal(0.5), k.literal(-0.5), k.literal(float32(1/math.Sqrt(2*math.Pi)))
	g.coefficients = each(k.stored, 0.121513947, -0.206402622, 0.123225052, -0.0462132345, 0.00613181126,
		0.0029042137, -0.000982822384, -0.000338545953, 0.000114504574, 5.267643e-5)
	return g
}

// lower are T(a), and n and 1 + q of e^(−a²/2) = 2ⁿ · (1 + q), for a up to 15.
func (g *normal) lower(a vec) (t, n, power vec) {
	t = g.vector()
	above, below := g.vector(), g.vector()
	g.VSUBPS(g.three, a, above)
	g.VADDPS(g.three, a, below)
	g.VDIVPS(below, above, above)
	g.polynomial(g.coefficients, above, t)

	square, rest := g.vector(), g.vector() // a² in two parts
	g.VMULPS(a, a, square)
	g.VMOVAPS(square, rest)
	g.VFMSUB231PS(a, a, rest)
	g.VMULPS(g.half, rest, rest)
	g.VMULPS(g.minus, square, square)
	n, power = g.parts(square, rest)
	g.VADDPS(g.one, power, power)
	return t, n, power
}

// gelu is max(x, 0) − a · Φ(−a), and NaN at −∞. The product is scaled last, since
// e^(−a²/2) may be a subnormal number, of few digits.
func (g *normal) gelu(x vec) vec {
	a, y := g.vector(), g.vector()
	g.VMINPS(g.most, x, a)
	g.VXORPS(g.sign, x, y)
	g.VMAXPS(a, y, y) // |x|, or 15 above 15
	g.VMINPS(g.most, y, a)
	t, n, power := g.lower(a)
	g.VMULPS(power, t, t)
	g.VMULPS(a, t, t)
	g.scale(n, t)
	g.VSUBPS(y, y, y) // 0, or NaN
	g.VADDPS(y, t, t)
	g.VMAXPS(x, g.sign, x) // −0 for what is negative, whose sign the result has
	g.VSUBPS(t, x, x)
	return x
}

// geluSlope is w = Φ(−a) − a · φ(a) below 0, and else 1 − w.
func (g *normal) geluSlope(x vec) vec {
	a, slope, y := g.vector(), g.vector(), g.vector()
	g.VANDNPS(x, g.sign, slope)
	g.VMINPS(g.most, slope, a)
	t, n, power := g.lower(a)
	g.scale(n, power)
	g.VMULPS(g.density, slope, slope)
	g.VSUBPS(slope, t, t)
	g.VMULPS(power, t, t)
	g.VSUBPS(t, g.one, y)
	g.pick(g.negative(x), t, y)
	return y
}
