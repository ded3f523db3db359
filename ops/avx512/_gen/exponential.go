package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
)

// The activations made of eˣ are computed in float64, eight lanes at a time, and
// rounded once, as the Go code does: special numbers then come out right by
// themselves, and what differs is the last bits of a float64.
var exponentials = []operation{
	{"ELU", "a if a ≥ 0, else c0 · (eᵃ − 1)", 1, 1, func(e *elementwise) step {
		alpha, zero, f := e.wideConstant(0), e.zeros(1)[0], newExponential(e)
		return func(x []vec) []vec {
			const notGreaterEqual = 0x19 // and true for NaN
			below := e.compare(x[0], notGreaterEqual, zero)
			y := e.onHalves(x[0], func(x vec) vec {
				y := f.minusOne(x)
				e.VMULPD(alpha, y, y)
				return y
			})
			e.VMOVAPS(y, below, x[0])
			return x
		}
	}},
	{"Tanh", "tanh a", 1, 1, func(e *elementwise) step {
		two, sign, wideSign, f := e.wideNumber(2), e.bits(1<<31), e.wideNumber(math.Copysign(0, -1)), newExponential(e)
		return func(x []vec) []vec {
			y := e.onHalves(x[0], func(x vec) vec { // but for the sign, y / (y + 2) with y = e^(−2|x|) − 1
				e.VADDPD(x, x, x)
				e.VPORQ(wideSign, x, x)
				y, below := f.minusOne(x), e.ZMM()
				e.VADDPD(two, y, below)
				e.VDIVPD(below, y, y)
				return y
			})
			const signOfX = 0xD8 // of three bits y, x and sign: x where sign is set, else y
			e.VPTERNLOGD(operand.Imm(signOfX), sign, x[0], y)
			return []vec{y}
		}
	}},
	{"Sigmoid", "1 / (1 + e⁻ᵃ)", 1, 1, func(e *elementwise) step {
		f := newExponential(e)
		return func(x []vec) []vec { return []vec{e.onHalves(x[0], f.sigmoid)} }
	}},
	{"SiLU", "a / (1 + e⁻ᵃ)", 1, 1, func(e *elementwise) step {
		f := newExponential(e)
		return func(x []vec) []vec {
			return []vec{e.onHalves(x[0], func(x vec) vec {
				y := f.sigmoid(x)
				e.VMULPD(x, y, y)
				return y
			})}
		}
	}},
}

// exponential is what computing eˣ needs.
type exponential struct {
	*elementwise
	log2e, ln2, one, least, most vec
	coefficients                 []vec // of the Taylor series, from that of x²
}

// expDegree is the degree of the polynomial for eʳ: with |r| at most ln 2 / 2, what
// is left out is below 2·10⁻¹⁰ of the result, a 300th of float32's last place.
const expDegree = 8

func newExponential(e *elementwise) *exponential {
	f := &exponential{elementwise: e}
	f.log2e, f.ln2, f.one = e.wideNumber(math.Log2E), e.wideNumber(math.Ln2), e.wideNumber(1)
	f.least, f.most = e.wideNumber(-800), e.wideNumber(800) // 0 and infinity
	factorial := 1.0
	for k := 2.0; k <= expDegree; k++ {
		factorial *= k
		f.coefficients = append(f.coefficients, e.wideNumber(1/factorial))
	}
	return f
}

// parts are n and q of eˣ = 2ⁿ · (1 + q): n is the whole number next to x / ln 2, and
// q = eʳ − 1 with r = x − n · ln 2. A NaN stays one.
func (f *exponential) parts(x vec) (n, q vec) {
	n, q = f.ZMM(), f.ZMM()
	r := f.ZMM()
	f.VMINPD(x, f.most, r)
	f.VMAXPD(r, f.least, r)
	f.VMULPD(f.log2e, r, n)
	const nearest = 0
	f.VRNDSCALEPD(operand.Imm(nearest), n, n)
	f.VFNMADD231PD(f.ln2, n, r)

	last := len(f.coefficients) - 1
	f.VMOVAPD(f.coefficients[last], q)
	for k := last - 1; k >= 0; k-- {
		f.VFMADD213PD(f.coefficients[k], r, q)
	}
	f.VMULPD(r, q, q)
	f.VFMADD213PD(r, r, q) // r + r²/2 + …
	return n, q
}

// minusOne is eˣ − 1 = 2ⁿ·q + (2ⁿ − 1), which cancels nothing where x is small.
func (f *exponential) minusOne(x vec) vec {
	n, q := f.parts(x)
	power := f.ZMM()
	f.VSCALEFPD(n, f.one, power)
	f.VSCALEFPD(n, q, q)
	f.VSUBPD(f.one, power, power)
	f.VADDPD(power, q, q)
	return q
}

// sigmoid is 1 / (1 + e⁻ˣ).
func (f *exponential) sigmoid(x vec) vec {
	minus := f.ZMM()
	f.VPXORD(minus, minus, minus)
	f.VSUBPD(x, minus, minus)
	n, y := f.parts(minus)
	f.VADDPD(f.one, y, y)
	f.VSCALEFPD(n, y, y)
	f.VADDPD(f.one, y, y)
	f.VDIVPD(y, f.one, y)
	return y
}

// onHalves computes a function in float64. It leaves x as it is.
func (e *elementwise) onHalves(x vec, f func(x vec) vec) vec {
	copied := e.ZMM()
	e.VMOVAPS(x, copied)
	pair := e.halves(copied)
	return e.narrow(f(pair[0]), f(pair[1]))
}

// narrow makes one vector of float32 of two of float64.
func (k kernel) narrow(low, high vec) vec {
	k.VCVTPD2PS(low, low.AsY())
	k.VCVTPD2PS(high, high.AsY())
	k.VINSERTF64X4(operand.Imm(1), high.AsY(), low, low)
	return low
}

// wideConstant is an element of C as float64 in every lane.
func (e *elementwise) wideConstant(i int) vec {
	z := e.ZMM()
	e.VBROADCASTSS(e.element("C", i), z.AsY())
	e.VCVTPS2PD(z.AsY(), z)
	return z
}

// wideNumber is a float64 in every lane.
func (k kernel) wideNumber(x float64) vec {
	r, z := k.GP64(), k.ZMM()
	k.MOVQ(operand.U64(math.Float64bits(x)), r)
	k.VPBROADCASTQ(r, z)
	return z
}
