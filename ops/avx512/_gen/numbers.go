package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// broadcast is one float32 of the memory in every lane.
func (k kernel) broadcast(mem operand.Mem) vec {
	z := k.vector()
	k.VBROADCASTSS(mem, z)
	return z
}

// broadcast64 is one float64 of the memory in every lane.
func (k kernel) broadcast64(mem operand.Mem) vec {
	z := k.vector()
	k.VBROADCASTSD(mem, z)
	return z
}

// number is a number in every lane.
func (k kernel) number(x float32) vec { return k.bits(math.Float32bits(x)) }

// bits is a number of 32 bits in every lane.
func (k kernel) bits(x uint32) vec {
	r, z := k.GP32(), k.vector()
	k.MOVL(operand.U32(x), r)
	if k.isa.opmasks {
		k.VPBROADCASTD(r, z)
	} else {
		k.VMOVD(r, z.AsX())
		k.VPBROADCASTD(z.AsX(), z)
	}
	return z
}

// literal is a number in every lane, as an operand: in a register, or in memory where
// registers are few.
func (k kernel) literal(x float32) operand.Op {
	if k.isa.opmasks {
		return k.number(x)
	}
	return k.stored(x)
}

// stored is a number in every lane, in memory.
func (k kernel) stored(x float32) operand.Op {
	lanes := make([]uint32, k.isa.lanes())
	for i := range lanes {
		lanes[i] = math.Float32bits(x)
	}
	return k.table(fmt.Sprintf("float%08X", lanes[0]), lanes...)
}

// number64 is a float64 in every lane.
func (k kernel) number64(x float64) vec {
	r, z := k.GP64(), k.vector()
	k.MOVQ(operand.U64(math.Float64bits(x)), r)
	if k.isa.opmasks {
		k.VPBROADCASTQ(r, z)
	} else {
		k.VMOVQ(r, z.AsX())
		k.VPBROADCASTQ(z.AsX(), z)
	}
	return z
}

// halves are those of a vector in float64. It uses the vector up.
func (k kernel) halves(x vec) []vec {
	low, high := k.vector(), k.upper(x)
	k.VCVTPS2PD(k.isa.half(x), low)
	k.VCVTPS2PD(high, x)
	return []vec{low, x}
}

// narrow makes one vector of float32 of two of float64.
func (k kernel) narrow(low, high vec) vec {
	if k.isa.opmasks {
		k.VCVTPD2PS(low, low.AsY())
		k.VCVTPD2PS(high, high.AsY())
		k.VINSERTF64X4(operand.Imm(1), high.AsY(), low, low)
	} else {
		k.VCVTPD2PSY(low, low.AsX())
		k.VCVTPD2PSY(high, high.AsX())
		k.VINSERTF128(operand.Imm(1), high.AsX(), low, low)
	}
	return low
}

// upper is a copy of the upper half of a vector.
func (k kernel) upper(v vec) reg.Register {
	half := k.like(k.isa.half(v))
	if k.isa.opmasks {
		k.VEXTRACTF64X4(operand.Imm(1), v, half)
	} else {
		k.VEXTRACTF128(operand.Imm(1), v, half)
	}
	return half
}
