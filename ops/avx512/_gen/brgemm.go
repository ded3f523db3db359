package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// brgemmVectors is the width of the widest tile for each number of rows, from 1.
//
// A tile of m rows and v vectors holds m·v accumulators, v vectors of B and one
// broadcast element of A: m·v + v + 1 of the 32 registers. For a step of the
// reduction it loads v + m times and multiplies m·v times, so tiles are as near
// to square as eight rows allow, and with few rows as wide as helps: latency
// needs 8 accumulators, and what is more saves only broadcasts.
var brgemmVectors = []int{0, 8, 8, 7, 6, 5, 4, 3, 3}

func brgemmName(m, v int) string { return fmt.Sprintf("brgemm%dx%d", m, v) }

// brgemm generates a body for every tile up to the widest.
func brgemm(c *build.Context) {
	for m, widest := range brgemmVectors {
		for v := 1; v <= widest; v++ {
			brgemmBody(c, m, v)
		}
	}
}

// tile is what the parts of a body of brgemm share.
type tile struct {
	kernel
	m, v       int
	c, cStride reg.Register
	mask       reg.Register
	acc        []reg.VecVirtual // m rows of v
}

func brgemmBody(c *build.Context, m, v int) {
	k := begin(c, brgemmName(m, v), "BrgemmArgs",
		fmt.Sprintf("%s is Brgemm with %d rows and %d vectors.", brgemmName(m, v), m, v))
	b := k.load("B")
	t := tile{kernel: k, m: m, v: v, c: k.load("C"), cStride: k.load("CStride"), mask: k.loadMask("Mask")}
	tiles := k.load("Tiles")

	k.Label("tile")
	t.start()
	t.reduce(b)
	t.store()
	k.ADDQ(operand.I32(v*vector), b)
	k.ADDQ(operand.I32(v*vector), t.c)
	k.DECQ(tiles)
	k.JNZ(operand.LabelRef("tile"))
	k.finish()
}

// start sets the accumulators to zero, or to C.
func (t *tile) start() {
	t.acc = t.zeros(t.m * t.v)
	t.CMPQ(t.field("Accumulate"), operand.Imm(0))
	t.JEQ(operand.LabelRef("reduce"))
	t.eachVector(func(mem operand.Mem, acc reg.Register, last bool) {
		t.loadVector(mem, acc, last)
	})
	t.Label("reduce")
}

// reduce runs over taps and, within a tap, over k. The bytes of A are read in
// order; a tap of B starts at an offset of its own.
func (t *tile) reduce(tileB reg.Register) {
	a, off, taps, bStride := t.load("A"), t.load("Off"), t.load("Taps"), t.load("BStride")
	b, k := t.GP64(), t.GP64()

	t.Label("tap")
	t.MOVQ(at(off, 0), b)
	t.LEAQ(operand.Mem{Base: tileB, Index: b, Scale: scalar}, b)
	t.MOVQ(t.field("K"), k)

	t.Label("k")
	t.multiply(a, b)
	t.ADDQ(operand.I32(t.m*scalar), a)
	t.ADDQ(bStride, b)
	t.DECQ(k)
	t.JNZ(operand.LabelRef("k"))

	t.ADDQ(operand.I32(word), off)
	t.DECQ(taps)
	t.JNZ(operand.LabelRef("tap"))
}

// multiply adds the outer product of m elements of A and v vectors of B.
func (t *tile) multiply(a, b reg.Register) {
	bs := t.vectors(t.v)
	for j := range bs {
		t.loadVector(at(b, j*vector), bs[j], j == t.v-1)
	}
	for i := range t.m {
		if t.v == 1 { // nothing to share: the multiplication itself broadcasts
			t.VFMADD231PS_BCST(at(a, i*scalar), bs[0], t.acc[i])
			continue
		}
		element := t.ZMM()
		t.VBROADCASTSS(at(a, i*scalar), element)
		for j := range t.v {
			t.VFMADD231PS(bs[j], element, t.acc[i*t.v+j])
		}
	}
}

func (t *tile) store() {
	t.eachVector(func(mem operand.Mem, acc reg.Register, last bool) {
		if last {
			t.VMOVUPS(acc, t.mask, mem)
		} else {
			t.VMOVUPS(acc, mem)
		}
	})
}

// loadVector reads the lanes of the mask where the vector is the last of a row:
// what lies beyond it may not be there.
func (t *tile) loadVector(mem operand.Mem, z reg.Register, last bool) {
	if last {
		t.VMOVUPS_Z(mem, t.mask, z)
	} else {
		t.VMOVUPS(mem, z)
	}
}

// eachVector calls do for the vectors of the tile of C, row by row.
func (t *tile) eachVector(do func(mem operand.Mem, acc reg.Register, last bool)) {
	row := t.GP64()
	t.MOVQ(t.c, row)
	for i := range t.m {
		for j := range t.v {
			do(at(row, j*vector), t.acc[i*t.v+j], j == t.v-1)
		}
		if i < t.m-1 {
			t.ADDQ(t.cStride, row)
		}
	}
}
