package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// where are the lanes of which something holds: a mask register of AVX-512, or a
// vector of AVX2 whose lanes are all ones or zero.
type where = reg.Register

// Predicates of floats. That of the comment holds for NaN too where it says so.
const (
	unordered       = 0x03 // one is NaN
	ordered         = 0x07 // neither is NaN
	less            = 0x11
	notLess         = 0x1d // and not NaN
	notLessEqual    = 0x16 // and NaN
	notGreaterEqual = 0x19 // and NaN
	greater         = 0x1e
)

// condition is a register for where.
func (k kernel) condition() where {
	if k.isa.opmasks {
		return k.K()
	}
	return k.vector()
}

// compare are the lanes where "a predicate b" holds.
func (k kernel) compare(a vec, predicate uint64, b operand.Op) where {
	w := k.condition()
	k.VCMPPS(operand.Imm(predicate), b, a, w)
	return w
}

// compare64 compares float64.
func (k kernel) compare64(a vec, predicate uint64, b operand.Op) where {
	w := k.condition()
	k.VCMPPD(operand.Imm(predicate), b, a, w)
	return w
}

// negative are the lanes whose sign bit is set. It may be x itself.
func (k kernel) negative(x vec) where {
	if !k.isa.opmasks {
		return x // a blend looks at the sign alone
	}
	w := k.condition()
	k.VPMOVD2M(x, w)
	return w
}

// positive are the lanes above 0, NaN among them if its sign is not set: float32
// above 0 are those whose bits are a signed integer above 0.
func (k kernel) positive(x, zero vec) where {
	w := k.condition()
	if k.isa.opmasks {
		const notLessEqual = 6 // of integers
		k.VPCMPD(operand.Imm(notLessEqual), zero, x, w)
	} else {
		k.VPCMPGTD(zero, x, w)
	}
	return w
}

// notBelow are the lanes of unsigned integers a ≥ b.
func (k kernel) notBelow(a, b vec) where {
	w := k.condition()
	if k.isa.opmasks {
		const notLess = 5
		k.VPCMPUD(operand.Imm(notLess), b, a, w)
	} else {
		k.VPMAXUD(a, b, w)
		k.VPCMPEQD(a, w, w)
	}
	return w
}

// both are the lanes of a and of b. It uses a up.
func (k kernel) both(a, b where) where {
	if k.isa.opmasks {
		k.KANDW(a, b, a)
	} else {
		k.VANDPS(a, b, a)
	}
	return a
}

// pick puts the lanes of from into to.
func (k kernel) pick(w where, from operand.Op, to vec) {
	if k.isa.opmasks {
		k.VMOVAPS(from, w, to)
	} else {
		k.VBLENDVPS(w, from, to, to)
	}
}

// pick64 is pick for float64.
func (k kernel) pick64(w where, from, to vec) {
	if k.isa.opmasks {
		k.VMOVAPD(from, w, to)
	} else {
		k.VBLENDVPD(w, from, to, to)
	}
}

// keep writes the lanes of x to y, and 0 in the others.
func (k kernel) keep(w where, x, y vec) {
	if k.isa.opmasks {
		k.VMOVAPS_Z(x, w, y)
	} else {
		k.VANDPS(w, x, y)
	}
}

// copySign gives y the sign of x. sign has the sign bits set.
func (k kernel) copySign(sign, x, y vec) {
	if k.isa.opmasks {
		const second = 0xD8 // of three bits y, x and sign: x where sign is set, else y
		k.VPTERNLOGD(operand.Imm(second), sign, x, y)
		return
	}
	k.VANDNPS(y, sign, y)
	s := k.vector()
	k.VANDPS(sign, x, s)
	k.VORPS(s, y, y)
}
