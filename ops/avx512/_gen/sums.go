package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// quad is the number of elements of 128 bits: the largest unit that an instruction
// shuffles within, and the smallest that another moves.
const quad = 4

// store adds the tile's sums to memory. Of the last tile only the lanes of a mask
// are wanted.
func (d *dots) store() {
	sums, stride := d.GP64(), d.load("SumStride")
	d.IMUL3Q(operand.I32(d.n*scalar), d.field("Tile"), sums)
	d.ADDQ(d.field("Sums"), sums)
	d.MOVQ(d.isa.fullMask(d.n), d.position)
	d.CMPQ(d.field("Tiles"), operand.Imm(1))
	d.CMOVQEQ(d.field("LastMask"), d.position)
	lanes := d.maskOf(d.position)
	for i := 0; i < d.m; i += d.rowsAtOnce() {
		for r, row := range d.sumsFrom(i) {
			if i+r > 0 {
				d.ADDQ(stride, sums)
			}
			d.add(row, lanes, at(sums, 0))
		}
	}
}

// add adds the lanes of a mask to memory.
func (d *dots) add(v reg.Register, lanes mask, mem operand.Mem) {
	before := d.like(v)
	lanes.load(d.kernel, mem, before)
	d.VADDPS(before, v, v)
	lanes.store(d.kernel, v, mem)
}

// slots is the number of lanes that the sums of a row take up in a vector: half of
// it, or all of one of AVX2.
func (d *dots) slots() int {
	if d.n > quad {
		return 2 * quad
	}
	return quad
}

// rowsAtOnce is the number of rows whose sums fit in a vector: 1 or 2.
func (d *dots) rowsAtOnce() int { return d.isa.lanes() / d.slots() }

// sumsFrom are the sums of row i and, if they fit in the same vector, of the next.
func (d *dots) sumsFrom(i int) []reg.Register {
	v := d.reduce(append(d.row(i), d.row(min(i+1, d.m-1))...)[:d.isa.lanes()])
	switch {
	case d.rowsAtOnce() == 1:
		return []reg.Register{v}
	case i == d.m-1:
		return []reg.Register{d.isa.half(v)}
	}
	return []reg.Register{d.isa.half(v), d.upper(v)}
}

// row are the accumulators of a row, the last of them repeated to fill the slots.
func (d *dots) row(i int) (r []reg.VecVirtual) {
	for j := range d.slots() {
		r = append(r, d.acc[i*d.n+min(j, d.n-1)])
	}
	return r
}

// reduce adds up the lanes of as many accumulators as there are lanes: lane i of the
// result is the sum of accumulator i. As in a transposition, each round halves the
// number of registers: it adds two of them after shuffling them so that sums of both
// survive. The first rounds, two with AVX-512 and one with AVX2, move quads of a
// register, the others elements of a quad.
func (d *dots) reduce(acc []reg.VecVirtual) reg.VecVirtual {
	shuffle := func(imm, b, a, dst operand.Op) { d.VSHUFF64X2(imm, b, a, dst) }
	var quads [quad]reg.VecVirtual // element e of quad q will be sum 4·q + e
	for e := range quads {
		if d.isa.lanes() == 2*quad {
			quads[e] = d.halve(d.VPERM2F128, 0x20, 0x31, acc[e], acc[quad+e])
			continue
		}
		a := d.halve(shuffle, 0x44, 0xEE, acc[e], acc[quad+e])
		b := d.halve(shuffle, 0x44, 0xEE, acc[2*quad+e], acc[3*quad+e])
		quads[e] = d.halve(shuffle, 0x88, 0xDD, a, b)
	}
	return d.pair(d.VUNPCKLPD, d.VUNPCKHPD,
		d.pair(d.VUNPCKLPS, d.VUNPCKHPS, quads[0], quads[1]),
		d.pair(d.VUNPCKLPS, d.VUNPCKHPS, quads[2], quads[3]))
}

// halve adds two registers after two shuffles, by an instruction that takes two quads
// of each as an immediate operand says.
func (d *dots) halve(shuffle func(imm, b, a, dst operand.Op), low, high uint64, a, b reg.VecVirtual) reg.VecVirtual {
	v, rest := d.vector(), d.vector()
	shuffle(operand.Imm(low), b, a, v)
	shuffle(operand.Imm(high), b, a, rest)
	d.VADDPS(rest, v, v)
	return v
}

// pair adds two registers after two ways to interleave them.
func (d *dots) pair(low, high func(ops ...operand.Op), a, b reg.VecVirtual) reg.VecVirtual {
	v, rest := d.vector(), d.vector()
	low(b, a, v)
	high(b, a, rest)
	d.VADDPS(rest, v, v)
	return v
}
