package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The number of offsets of a tile for each number of rows, from 1.
//
// Both operands are vectors here: m·J accumulators, the fewer of m vectors of A and J
// of B, and one of the other. With AVX-512 what bounds the tile is the general
// registers, for every row and every offset has a pointer of its own: m + J of them,
// beside the position and the arguments. With AVX2 it is the 16 vector
// registers, of which 3 x 4 and 4 x 3 leave none.
var (
	dotOffsetsAVX512 = []int{0, 8, 8, 8, 6}
	dotOffsetsAVX2   = []int{0, 8, 6, 4, 3}
)

func (a isa) dotName(m int) string { return fmt.Sprintf("dot%dx%d", m, a.dotOffsets[m]) }

// dot generates a body for every number of rows.
func (a isa) dot(c *build.Context) {
	for m := range a.dotOffsets {
		if m > 0 {
			a.dotBody(c, m, a.dotOffsets[m])
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
	mask     mask             // of the last vector of a run
}

func (a isa) dotBody(c *build.Context, m, n int) {
	k := a.begin(c, a.dotName(m), "DotArgs", fmt.Sprintf("%s is Dot with %d rows and %d offsets.", a.dotName(m), m, n))
	d := dots{kernel: k, m: m, n: n, mask: k.maskField("Mask"), position: k.GP64()}

	k.MOVQ(k.field("B"), d.position)
	k.ADDQ(k.field("BStart"), d.position)
	k.MOVQ(d.position, k.field("First"))

	k.Label("tile")
	d.acc = k.zeros(m * n)
	d.point()
	k.MOVQ(k.field("Runs"), d.position)
	k.MOVQ(d.position, k.field("Left"))

	k.Label("run")
	d.sumRun()
	d.step()
	k.DECQ(k.field("Left"))
	k.JNZ(operand.LabelRef("run"))

	d.store()
	k.INCQ(k.field("Tile"))
	k.DECQ(k.field("Tiles"))
	k.JNZ(operand.LabelRef("tile"))
	k.finish()
}

// point sets the pointers to the start of the first run.
func (d *dots) point() {
	for i := range d.m {
		p := d.GP64()
		if i == 0 {
			d.MOVQ(d.field("A"), p)
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
		d.SHLQ(operand.Imm(2), p)
		d.ADDQ(d.field("First"), p)
		d.runs = append(d.runs, p)
	}
}

// step moves the pointers to the next run.
func (d *dots) step() {
	for _, p := range d.rows {
		d.ADDQ(d.field("AStep"), p)
	}
	for _, p := range d.runs {
		d.ADDQ(d.field("BStep"), p)
	}
}

// sumRun goes through the whole vectors of a run, several at a time as long as there are
// as many, then the one of the mask.
func (d *dots) sumRun() {
	left, next := d.load("Full"), d.next()
	d.XORQ(d.position, d.position)
	d.SUBQ(operand.Imm(unroll), left)
	d.JL(operand.LabelRef("few"))
	d.Label("several")
	for i := range unroll {
		d.multiply(whole{}, i*d.isa.vector)
		d.fetch(next, i*d.isa.vector)
	}
	d.ADDQ(operand.I32(unroll*d.isa.vector), d.position)
	d.advance(next)
	d.SUBQ(operand.Imm(unroll), left)
	d.JGE(operand.LabelRef("several"))

	d.Label("few")
	d.ADDQ(operand.Imm(unroll), left)
	d.JZ(operand.LabelRef("tail"))
	d.Label("one")
	d.multiply(whole{}, 0)
	d.ADDQ(operand.I32(d.isa.vector), d.position)
	d.DECQ(left)
	d.JNZ(operand.LabelRef("one"))

	d.Label("tail")
	d.multiply(d.mask, 0)
}

// next is how far ahead of the rows of A is what comes next of them: it is read from memory,
// where B mostly is in the cache, and AVX-512 fetches it meanwhile. With AVX2 it is nil: as
// many fetches to half the multiplications cost it a quarter of its speed.
func (d *dots) next() reg.GPVirtual {
	if d.isa.vector < cacheLine {
		return nil
	}
	return d.load("Next")
}

// fetch fetches a vector of what comes next of every row.
func (d *dots) fetch(next reg.GPVirtual, bytes int) {
	if next == nil {
		return
	}
	for _, row := range d.rows {
		d.PREFETCHT1(operand.Mem{Base: row, Index: next, Scale: 1, Disp: bytes})
	}
}

// advance moves what is fetched along with the position.
func (d *dots) advance(next reg.GPVirtual) {
	if next != nil {
		d.ADDQ(operand.I32(unroll*d.isa.vector), next)
	}
}

// multiply adds the products of one vector of every row and every offset, bytes after the
// position. It holds those of the fewer.
func (d *dots) multiply(lanes mask, bytes int) {
	held, others := d.rows, d.runs
	acc := func(row, offset int) reg.Register { return d.acc[row*d.n+offset] }
	if d.m > d.n {
		held, others = others, held
		acc = func(offset, row int) reg.Register { return d.acc[row*d.n+offset] }
	}
	a := d.vectors(len(held))
	for i := range a {
		lanes.load(d.kernel, d.vectorAt(held[i], bytes), a[i])
	}
	for j := range others {
		b := d.vector()
		lanes.load(d.kernel, d.vectorAt(others[j], bytes), b)
		for i := range a {
			d.VFMADD231PS(a[i], b, acc(i, j))
		}
	}
}

func (d *dots) vectorAt(start reg.Register, bytes int) operand.Mem {
	return operand.Mem{Base: start, Index: d.position, Scale: 1, Disp: bytes}
}
