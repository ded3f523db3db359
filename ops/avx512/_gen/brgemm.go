package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The width of the widest tile for each number of rows, from 1.
//
// A tile of m rows and v vectors holds m·v accumulators, v vectors of B and one
// broadcast element of A: m·v + v + 1 registers. For a step of the reduction it loads
// v + m times and multiplies m·v times, so tiles are as near to square as the rows
// allow. Latency needs 8 to 10 accumulators; what is more saves only loads.
//
// AVX-512 has 32 registers, and with few rows tiles are as wide as helps. AVX2 has 16,
// of which 4 x 3 and 6 x 2 leave none: a mask is not among them.
var (
	brgemmVectorsAVX512 = []int{0, 8, 8, 7, 6, 5, 4, 3, 3}
	brgemmVectorsAVX2   = []int{0, 7, 5, 3, 3, 2, 2}
)

// brgemmName is the name of a body of m rows and v vectors. With AVX2 it says
// whether the last vector is masked.
func (a isa) brgemmName(m, v int, masked bool) string {
	name := fmt.Sprintf("brgemm%dx%d", m, v)
	if masked && !a.opmasks {
		name += "masked"
	}
	return name
}

// brgemm generates a body for every tile up to the widest. With AVX2 a mask costs
// time, so there is one more for tiles that are whole.
func (a isa) brgemm(c *build.Context) {
	for m, widest := range a.brgemmVectors {
		for v := 1; v <= widest; v++ {
			if !a.opmasks {
				a.brgemmBody(c, m, v, false)
			}
			a.brgemmBody(c, m, v, true)
		}
	}
}

// tile is what the parts of a body of brgemm share.
type tile struct {
	kernel
	m, v       int
	c, cStride reg.Register
	mask       mask             // of the last vector of a row
	acc        []reg.VecVirtual // m rows of v
}

func (a isa) brgemmBody(c *build.Context, m, v int, masked bool) {
	name := a.brgemmName(m, v, masked)
	k := a.begin(c, name, "BrgemmArgs", fmt.Sprintf("%s is Brgemm with %d rows and %d vectors.", name, m, v))
	b := k.load("B")
	t := tile{kernel: k, m: m, v: v, c: k.load("C"), cStride: k.load("CStride"), mask: whole{}}
	if masked {
		t.mask = k.maskField("Mask")
	}
	tiles := k.load("Tiles")

	k.Label("tile")
	t.start()
	t.reduce(b)
	t.store()
	k.ADDQ(operand.I32(v*a.vector), b)
	k.ADDQ(operand.I32(v*a.vector), t.c)
	k.DECQ(tiles)
	k.JNZ(operand.LabelRef("tile"))
	k.finish()
}

// start sets the accumulators to zero, or to C.
func (t *tile) start() {
	t.acc = t.zeros(t.m * t.v)
	t.CMPQ(t.field("Accumulate"), operand.Imm(0))
	t.JEQ(operand.LabelRef("reduce"))
	t.eachVector(func(mem operand.Mem, acc reg.Register, lanes mask) { lanes.load(t.kernel, mem, acc) })
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
		t.lanesOf(j).load(t.kernel, at(b, j*t.isa.vector), bs[j])
	}
	for i := range t.m {
		if t.v == 1 && t.isa.opmasks { // nothing to share: the multiplication itself broadcasts
			t.VFMADD231PS_BCST(at(a, i*scalar), bs[0], t.acc[i])
			continue
		}
		element := t.vector()
		t.VBROADCASTSS(at(a, i*scalar), element)
		for j := range t.v {
			t.VFMADD231PS(bs[j], element, t.acc[i*t.v+j])
		}
	}
}

func (t *tile) store() {
	t.eachVector(func(mem operand.Mem, acc reg.Register, lanes mask) { lanes.store(t.kernel, acc, mem) })
}

// lanesOf is the mask of vector j of a row: what lies beyond the last may not be
// there.
func (t *tile) lanesOf(j int) mask {
	if j == t.v-1 {
		return t.mask
	}
	return whole{}
}

// eachVector calls do for the vectors of the tile of C, row by row.
func (t *tile) eachVector(do func(mem operand.Mem, acc reg.Register, lanes mask)) {
	row := t.GP64()
	t.MOVQ(t.c, row)
	for i := range t.m {
		for j := range t.v {
			do(at(row, j*t.isa.vector), t.acc[i*t.v+j], t.lanesOf(j))
		}
		if i < t.m-1 {
			t.ADDQ(t.cStride, row)
		}
	}
}
