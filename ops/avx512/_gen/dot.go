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
// arguments.
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
	position reg.Register     // in the run, in bytes
	acc      []reg.VecVirtual // m rows of n
	mask     reg.Register
}

func dotBody(c *build.Context, m, n int) {
	k := begin(c, dotName(m), "DotArgs", fmt.Sprintf("%s is Dot with %d rows and %d offsets.", dotName(m), m, n))
	d := dots{kernel: k, m: m, n: n, mask: k.loadMask(), acc: k.zeros(m * n), position: k.GP64()}
	run := k.load("Runs")

	k.Label("run")
	d.point(run)
	d.sumRun()
	k.ADDQ(operand.I32(2*word), run)
	k.DECQ(k.field("Left")) // in memory: there is no register for it
	k.JNE(operand.LabelRef("run"))

	d.reduceLanes()
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
	d.MOVQ(d.field("Off"), off)
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

// reduceLanes adds the 16 lanes of every accumulator, in halves, to its sum.
func (d *dots) reduceLanes() {
	sums := d.load("Sums")
	half := d.ZMM()
	for i, z := range d.acc {
		d.VEXTRACTF64X4(operand.Imm(1), z, half.AsY())
		d.VADDPS(half.AsY(), z.AsY(), z.AsY())
		d.VEXTRACTF32X4(operand.Imm(1), z.AsY(), half.AsX())
		d.VADDPS(half.AsX(), z.AsX(), z.AsX())
		d.VMOVHLPS(z.AsX(), z.AsX(), half.AsX())
		d.VADDPS(half.AsX(), z.AsX(), z.AsX())
		d.VMOVSHDUP(z.AsX(), half.AsX())
		d.VADDSS(half.AsX(), z.AsX(), z.AsX())
		d.VADDSS(at(sums, i*scalar), z.AsX(), z.AsX())
		d.VMOVSS(z.AsX(), at(sums, i*scalar))
	}
}
