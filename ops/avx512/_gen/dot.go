package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dotOffsets is the number of offsets of a tile for each number of rows, from 1.
//
// Both operands are vectors here: m·J accumulators, m vectors of A and one of B.
// What bounds the tile is the general registers, for every row and every offset
// has a pointer of its own: m + J of them, beside the position, the run and the
// arguments. More than 8 offsets would not fit half a vector of sums.
var dotOffsets = []int{0, 8, 8, 8, 6}

func dotName(m int) string { return fmt.Sprintf("dot%dx%d", m, dotOffsets[m]) }

// dot generates a body for every number of rows.
func dot(c *build.Context) {
	for m := range dotOffsets {
		if m > 0 {
			dotBody(c, m, dotOffsets[m])
		}
	}
}

// dots is what the parts of a body of dot share.
type dots struct {
	kernel
	m, n     int
	rows     []reg.GPVirtual  // start of the run in each row of A
	runs     []reg.GPVirtual  // start of the run at each offset of B
	position reg.GPVirtual    // in the run, in bytes
	acc      []reg.VecVirtual // m rows of n
	mask     reg.Register     // of the last vector of a run
}

func dotBody(c *build.Context, m, n int) {
	k := begin(c, dotName(m), "DotArgs", fmt.Sprintf("%s is Dot with %d rows and %d offsets.", dotName(m), m, n))
	d := dots{kernel: k, m: m, n: n, mask: k.loadMask("Mask"), position: k.GP64()}

	k.Label("tile")
	d.acc = k.zeros(m * n)
	k.MOVQ(k.field("RunCount"), d.position)
	k.MOVQ(d.position, k.field("Left"))
	run := k.load("Runs")

	k.Label("run")
	d.point(run)
	d.sumRun()
	k.ADDQ(operand.I32(2*word), run)
	k.DECQ(k.field("Left"))
	k.JNZ(operand.LabelRef("run"))

	d.store()
	k.INCQ(k.field("Tile"))
	k.DECQ(k.field("Tiles"))
	k.JNZ(operand.LabelRef("tile"))
	k.finish()
}

// point sets the pointers to the start of a run.
func (d *dots) point(run reg.Register) {
	d.rows, d.runs = nil, nil
	for i := range d.m {
		p := d.GP64()
		if i == 0 {
			d.MOVQ(at(run, 0), p)
			d.SHLQ(operand.Imm(2), p)
			d.ADDQ(d.field("A"), p)
		} else {
			d.MOVQ(d.rows[i-1], p)
			d.ADDQ(d.field("AStride"), p)
		}
		d.rows = append(d.rows, p)
	}
	off := d.position // not in use yet
	d.IMUL3Q(operand.I32(d.n*word), d.field("Tile"), off)
	d.ADDQ(d.field("Off"), off)
	for j := range d.n {
		p := d.GP64()
		d.MOVQ(at(off, j*word), p)
		d.ADDQ(at(run, word), p)
		d.SHLQ(operand.Imm(2), p)
		d.ADDQ(d.field("B"), p)
		d.runs = append(d.runs, p)
	}
}

// sumRun goes through the whole vectors of a run, then the one of the mask.
func (d *dots) sumRun() {
	left := d.load("Full")
	d.XORQ(d.position, d.position)
	d.TESTQ(left, left)
	d.JZ(operand.LabelRef("tail"))

	d.Label("vector")
	d.multiply(d.VMOVUPS)
	d.ADDQ(operand.I32(vector), d.position)
	d.DECQ(left)
	d.JNZ(operand.LabelRef("vector"))

	d.Label("tail")
	d.multiply(func(ops ...operand.Op) { d.VMOVUPS_Z(ops[0], d.mask, ops[1]) })
}

// multiply adds the products of one vector of every row and every offset.
func (d *dots) multiply(load func(ops ...operand.Op)) {
	a := d.vectors(d.m)
	for i := range a {
		load(d.vectorAt(d.rows[i]), a[i])
	}
	for j := range d.n {
		b := d.ZMM()
		load(d.vectorAt(d.runs[j]), b)
		for i := range a {
			d.VFMADD231PS(a[i], b, d.acc[i*d.n+j])
		}
	}
}

func (d *dots) vectorAt(start reg.Register) operand.Mem {
	return operand.Mem{Base: start, Index: d.position, Scale: 1}
}

// store adds the tile's sums to memory, two rows at a time. Of the last tile only
// the lanes of a mask are wanted.
func (d *dots) store() {
	sums, stride := d.GP64(), d.load("SumStride")
	d.IMUL3Q(operand.I32(d.n*scalar), d.field("Tile"), sums)
	d.ADDQ(d.field("Sums"), sums)
	mask := d.K()
	d.MOVQ(operand.I32(1<<d.n-1), d.position)
	d.CMPQ(d.field("Tiles"), operand.Imm(1))
	d.CMOVQEQ(d.field("LastMask"), d.position)
	d.KMOVW(d.position.As32(), mask)
	for i := 0; i < d.m; i += 2 {
		z, upper := d.reduce(d.row(i), d.row(min(i+1, d.m-1))), d.YMM()
		d.VEXTRACTF64X4(operand.Imm(1), z, upper)
		d.add(z.AsY(), mask, at(sums, 0))
		if i+1 < d.m {
			d.ADDQ(stride, sums)
			d.add(upper, mask, at(sums, 0))
			d.ADDQ(stride, sums)
		}
	}
}

// add adds the lanes of a mask to memory.
func (d *dots) add(y, mask reg.Register, mem operand.Mem) {
	before := d.YMM()
	d.VMOVUPS_Z(mem, mask, before)
	d.VADDPS(before, y, y)
	d.VMOVUPS(y, mask, mem)
}

// row are the accumulators of a row, the last of them repeated to make eight.
func (d *dots) row(i int) (r [8]reg.VecVirtual) {
	for j := range r {
		r[j] = d.acc[i*d.n+min(j, d.n-1)]
	}
	return r
}

// reduce adds up the 16 lanes of eight accumulators of two rows each: the first
// half of the result has the sums of row x, the second those of row y. As in a
// transposition, each round halves the number of registers: it adds two of them
// after shuffling them so that sums of both survive. The first two rounds move
// quarters of a register, the others elements of a quarter.
func (d *dots) reduce(x, y [8]reg.VecVirtual) reg.VecVirtual {
	var quarters [4]reg.VecVirtual // element e of quarter q will be sum 4·q + e
	for e := range quarters {
		a := d.halve(d.VSHUFF64X2, 0x44, 0xEE, x[e], x[4+e])
		b := d.halve(d.VSHUFF64X2, 0x44, 0xEE, y[e], y[4+e])
		quarters[e] = d.halve(d.VSHUFF64X2, 0x88, 0xDD, a, b)
	}
	pair := func(low, high func(ops ...operand.Op), a, b reg.VecVirtual) reg.VecVirtual {
		z, rest := d.ZMM(), d.ZMM()
		low(b, a, z)
		high(b, a, rest)
		d.VADDPS(rest, z, z)
		return z
	}
	return pair(d.VUNPCKLPD, d.VUNPCKHPD,
		pair(d.VUNPCKLPS, d.VUNPCKHPS, quarters[0], quarters[1]),
		pair(d.VUNPCKLPS, d.VUNPCKHPS, quarters[2], quarters[3]))
}

// halve adds two registers after two shuffles.
func (d *dots) halve(shuffle func(ops ...operand.Op), low, high uint64, a, b reg.VecVirtual) reg.VecVirtual {
	z, rest := d.ZMM(), d.ZMM()
	shuffle(operand.Imm(low), b, a, z)
	shuffle(operand.Imm(high), b, a, rest)
	d.VADDPS(rest, z, z)
	return z
}
