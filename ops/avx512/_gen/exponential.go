package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
)

// Least arguments: below them eˣ is 0, and eˣ − 1 is −1.
const (
	leastExp      = -104
	leastMinusOne = -87
)

// roundsToWhole is a number beside which float32 has no digits after the point: added to
// it, a number becomes whole, and the lowest bits of the sum are those of the integer.
const roundsToWhole = 3 << 22

// exponential is what computing eˣ in float32 needs, for x of at most 0. A NaN stays
// one. Its polynomial is (eʳ − 1 − r)/r² for |r| up to ln 2 / 2, of degree 4: the
// minimax one but for rounding, with which eʳ is right to 3·10⁻⁹.
type exponential struct {
	kernel
	log2e, ln2, rest operand.Op // ln 2 in two parts
	one, least, big  vec
	coefficients     []operand.Op
}

// newExponential prepares for arguments down to least: what is below counts as least.
func newExponential(k kernel, least float32) *exponential {
	f := &exponential{kernel: k, one: k.number(1), least: k.number(least), big: k.number(roundsToWhole)}
	ln2 := float32(math.Ln2)
	f.log2e, f.ln2, f.rest = k.literal(math.Log2E), k.literal(ln2), k.literal(float32(math.Ln2-float64(ln2)))
	f.coefficients = each(k.literal, 0.5000000094, 0.1666651903, 0.04166620722, 0.008368886073, 0.001395044798)
	return f
}

// parts are n and q of eˣ = 2ⁿ · (1 + q): n is the whole number next to x / ln 2, and
// q = eʳ − 1 with r = x − n · ln 2. tail is taken from x, if it is given: the rest of
// a number of more digits. For AVX2 n is an integer in the lowest bits of the lanes.
func (f *exponential) parts(x, tail vec) (n, q vec) {
	n, q = f.vector(), f.vector()
	r, square, whole := f.vector(), f.vector(), n
	f.VMAXPS(x, f.least, r)
	f.VMOVAPS(f.big, n)
	f.VFMADD231PS(f.log2e, r, n)
	if !f.isa.opmasks {
		whole = f.vector()
	}
	f.VSUBPS(f.big, n, whole)
	f.VFNMADD231PS(f.ln2, whole, r)
	f.VFNMADD231PS(f.rest, whole, r)
	if tail != nil {
		f.VSUBPS(tail, r, r)
	}
	f.VMULPS(r, r, square)
	f.polynomial(f.coefficients, r, q)
	f.VFMADD213PS(r, square, q)
	return n, q
}

// of is eˣ.
func (f *exponential) of(x vec) vec {
	n, y := f.parts(x, nil)
	f.VADDPS(f.one, y, y)
	f.scale(n, y)
	return y
}

// minusOne is eˣ − 1 = 2ⁿ·q + (2ⁿ − 1), which cancels nothing where x is small.
func (f *exponential) minusOne(x vec) vec {
	n, q := f.parts(x, nil)
	power, y := f.power(n), f.vector()
	f.VSUBPS(f.one, power, y)
	f.VFMADD231PS(q, power, y)
	return y
}

// power is 2ⁿ, n from −126 to 127.
func (f *exponential) power(n vec) vec {
	p := f.vector()
	if f.isa.opmasks {
		f.VSCALEFPS(n, f.one, p)
		return p
	}
	f.exponent(n, p)
	return p
}

// exponent makes 2ⁿ of the integer n.
func (f *exponential) exponent(n, power vec) {
	const fraction = 23 // bits
	f.VPSLLD(operand.Imm(fraction), n, power)
	f.VPADDD(f.one, power, power) // 1 is 2⁰
}

// scale multiplies y by 2ⁿ, and rounds once: AVX2 has to do it in two steps, since the
// result may be a subnormal number.
func (f *exponential) scale(n, y vec) {
	if f.isa.opmasks {
		f.VSCALEFPS(n, y, y)
		return
	}
	half, rest := f.vector(), f.vector()
	f.VPSRAD(operand.Imm(1), n, half)
	f.VPSUBD(half, n, rest)
	f.exponent(half, half)
	f.exponent(rest, rest)
	f.VMULPS(half, y, y)
	f.VMULPS(rest, y, y)
}

// each makes operands of the coefficients of a polynomial, from the lowest.
func each(operandOf func(x float32) operand.Op, coefficients ...float32) (c []operand.Op) {
	for _, x := range coefficients {
		c = append(c, operandOf(x))
	}
	return c
}

// polynomial computes y = c₀ + c₁·x + …
func (k kernel) polynomial(coefficients []operand.Op, x, y vec) {
	last := len(coefficients) - 1
	k.VMOVUPS(coefficients[last], y)
	for i := last - 1; i >= 0; i-- {
		k.VFMADD213PS(coefficients[i], x, y)
	}
}
