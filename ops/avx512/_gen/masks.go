package main

import (
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
