package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes64 are the lanes of float64 of which a block of sumLanes elements has the
// first ones in memory, part by part.
type lanes64 interface {
	// widen reads the lanes of a part as float64. The others become 0.
	widen(k kernel, part int, mem operand.Mem, v vec)
	// add adds the lanes of a part to acc.
	add(k kernel, part int, term, acc vec)
}

// firstLanes64 are the first n lanes.
func (k kernel) firstLanes64(n reg.GPVirtual) lanes64 {
	if k.isa.opmasks {
		low, high := k.K(), k.K()
		bits := k.GP64()
		k.MOVQ(operand.I32(-1), bits)
		k.BZHIQ(n, bits, bits)
		k.KMOVW(bits.As32(), low)
		k.KSHIFTRW(operand.Imm(uint64(k.isa.vector/word)), low, high)
		return opmasks64{low, high}
	}
	narrow, wide := k.firstLanes(n, 1)[0].(laneMask), k.GP64()
	k.LEAQ(k.laneMasks64(), wide)
	k.SHLQ(operand.Imm(3), n)
	k.SUBQ(n, wide)
	k.SHRQ(operand.Imm(3), n)
	return laneMasks64{narrow.Mem, at(wide, sumLanes*word)}
}

// laneMasks64 are lanes of ones, and as many of zeros.
func (k kernel) laneMasks64() operand.Mem {
	var lanes [4 * sumLanes]uint32
	for i := range 2 * sumLanes {
		lanes[i] = math.MaxUint32
	}
	return k.table("laneMasks64", lanes[:]...)
}

// opmasks64 is a mask register for each part.
type opmasks64 [2]reg.Register

func (m opmasks64) widen(k kernel, part int, mem operand.Mem, v vec) { k.VCVTPS2PD_Z(mem, m[part], v) }

func (m opmasks64) add(k kernel, part int, term, acc vec) { k.VADDPD(term, acc, m[part], acc) }

// laneMasks64 are vectors in memory, for float32 and for float64. To add 0 where a
// lane is missing changes no sum, for none that began at 0 is ever −0.
type laneMasks64 struct{ narrow, wide operand.Mem }

func (m laneMasks64) widen(k kernel, part int, mem operand.Mem, v vec) {
	half := k.isa.half(v)
	laneMask{m.narrow.Offset(part * k.isa.vector / 2)}.load(k, mem, half)
	k.VCVTPS2PD(half, v)
}

func (m laneMasks64) add(k kernel, part int, term, acc vec) {
	k.VANDPD(m.wide.Offset(part*k.isa.vector), term, term)
	k.VADDPD(term, acc, acc)
}
