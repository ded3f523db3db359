package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mask says which lanes of a vector are in memory. The others are neither read nor
// written, and zero when they are loaded.
type mask interface {
	load(k kernel, mem operand.Mem, v reg.Register)
	store(k kernel, v reg.Register, mem operand.Mem)
}

// whole is the mask with all lanes.
type whole struct{}

func (whole) load(k kernel, mem operand.Mem, v reg.Register)  { k.VMOVUPS(mem, v) }
func (whole) store(k kernel, v reg.Register, mem operand.Mem) { k.VMOVUPS(v, mem) }

// opmask is a mask register of AVX-512, with a bit a lane.
type opmask struct{ reg.Register }

func (m opmask) load(k kernel, mem operand.Mem, v reg.Register)  { k.VMOVUPS_Z(mem, m.Register, v) }
func (m opmask) store(k kernel, v reg.Register, mem operand.Mem) { k.VMOVUPS(v, m.Register, mem) }

// byteMask is a mask for AVX2, with a byte a lane, in memory or in a general register.
// An instruction takes it as a vector, to which it is widened for each use: a load
// widens it in the register that it loads.
type byteMask struct{ operand.Op }

func (m byteMask) load(k kernel, mem operand.Mem, v reg.Register) {
	m.widen(k, v)
	k.VMASKMOVPS(mem, v, v)
}

func (m byteMask) store(k kernel, v reg.Register, mem operand.Mem) {
	lanes := k.like(v)
	m.widen(k, lanes)
	k.VMASKMOVPS(v, lanes, mem)
}

// widen makes bytes lanes, all ones or zero.
func (m byteMask) widen(k kernel, v reg.Register) {
	from := m.Op
	if r, ok := from.(reg.Register); ok {
		x := k.XMM()
		k.VMOVQ(r, x)
		from = x
	}
	k.VPMOVSXBD(from, v)
}

// laneMask is a mask for AVX2 that is a vector already, in memory.
type laneMask struct{ operand.Mem }

func (m laneMask) load(k kernel, mem operand.Mem, v reg.Register) {
	k.VMOVUPS(m.Mem, v)
	k.VMASKMOVPS(mem, v, v)
}

func (m laneMask) store(k kernel, v reg.Register, mem operand.Mem) {
	lanes := k.like(v)
	k.VMOVUPS(m.Mem, lanes)
	k.VMASKMOVPS(v, lanes, mem)
}

// maskField is the mask of a field of the argument struct.
func (k kernel) maskField(name string) mask {
	if k.isa.opmasks {
		return opmask{k.loadMask(name)}
	}
	return byteMask{k.field(name)}
}

// maskOf is the mask in a general register.
func (k kernel) maskOf(r reg.GPVirtual) mask {
	if !k.isa.opmasks {
		return byteMask{r}
	}
	m := k.K()
	k.KMOVW(r.As32(), m)
	return opmask{m}
}

// maskedLanes is the largest number of lanes that [kernel.firstLanes] masks.
const maskedLanes = 64

// firstLanes are the masks of vectors that lie beside each other, of whose lanes the
// first n are in memory.
func (k kernel) firstLanes(n reg.GPVirtual, vectors int) []mask {
	masks := make([]mask, vectors)
	if !k.isa.opmasks {
		lanes := k.GP64()
		k.LEAQ(k.laneMasks(), lanes)
		k.SHLQ(operand.Imm(2), n)
		k.SUBQ(n, lanes)
		k.SHRQ(operand.Imm(2), n)
		for v := range masks {
			masks[v] = laneMask{at(lanes, maskedLanes*scalar+v*k.isa.vector)}
		}
		return masks
	}
	bits := k.GP64()
	k.MOVQ(operand.I32(-1), bits)
	k.BZHIQ(n, bits, bits)
	for v := range masks {
		masks[v] = k.maskOf(bits)
		k.SHRQ(operand.Imm(uint64(k.isa.lanes())), bits)
	}
	return masks
}

// leadingLanes is the mask of the first n lanes of a vector.
func (k kernel) leadingLanes(n int) mask {
	if !k.isa.opmasks {
		return laneMask{k.laneMasks().Offset((maskedLanes - n) * scalar)}
	}
	bits, m := k.GP32(), k.K()
	k.MOVL(operand.U32(1<<n-1), bits)
	k.KMOVW(bits, m)
	return opmask{m}
}

// laneMasks are lanes of ones, and as many of zeros.
func (k kernel) laneMasks() operand.Mem {
	var lanes [2 * maskedLanes]uint32
	for i := range maskedLanes {
		lanes[i] = math.MaxUint32
	}
	return k.table("laneMasks", lanes[:]...)
}
