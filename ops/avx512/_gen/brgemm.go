package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The width of the widest tile for each number of rows, from 1.
//
// A tile of m rows and v vectors holds m·v accumulators, the fewer of v vectors of B
// and m broadcast elements of A, and one of the others: with m·v + min(m, v) + 1
// registers. For a step of the reduction it loads v + m times and multiplies m·v times,
// so tiles are as near to square as the rows allow. Latency needs 8 to 10 accumulators;
// what is more saves only loads.
//
// AVX-512 has 32 registers, and with few rows tiles are as wide as helps. AVX2 has 16,
// of which 4 x 3 and 6 x 2 leave none: a mask is not among them.
var (
	brgemmVectorsAVX512 = []int{0, 16, 12, 8, 6, 5, 4, 3, 3}
	brgemmVectorsAVX2   = []int{0, 7, 5, 3, 3, 2, 2}
)

// unroll is the number of steps of the reduction that are written out: counting costs
// time, since it takes from the multiplications the ports that they run on.
const unroll = 4

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
	k.ADDQ(k.field("BStart"), b)
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

// reduce runs over planes, over taps and, within a tap, over k.
func (t *tile) reduce(tileB reg.Register) {
	planes, planeA, planeB := t.load("Planes"), t.GP64(), t.GP64()
	bStride, bStride3 := t.load("BStride"), t.GP64()
	t.LEAQ(operand.Mem{Base: bStride, Index: bStride, Scale: 2}, bStride3)
	t.count("PlaneCount", "PlanesLeft")

	t.Label("plane")
	t.point(planes, t.field("A"), planeA, tileB, planeB)
	taps, a, b := t.load("Taps"), t.GP64(), t.GP64()
	t.count("TapCount", "TapsLeft")

	t.Label("tap")
	t.point(taps, planeA, a, planeB, b)
	t.steps(a, b, bStride, bStride3)
	t.ADDQ(operand.I32(2*word), taps)
	t.DECQ(t.field("TapsLeft"))
	t.JNZ(operand.LabelRef("tap"))

	t.ADDQ(operand.I32(2*word), planes)
	t.DECQ(t.field("PlanesLeft"))
	t.JNZ(operand.LabelRef("plane"))
}

// count begins to count down.
func (t *tile) count(from, left string) { t.MOVQ(t.load(from), t.field(left)) }

// point finds the operands of a plane or tap: its place in A is in taps, in B in
// elements.
func (t *tile) point(entry reg.Register, fromA operand.Op, a reg.Register, fromB, b reg.Register) {
	t.MOVQ(at(entry, 0), a)
	t.IMULQ(t.field("AStride"), a)
	t.ADDQ(fromA, a)
	t.MOVQ(at(entry, word), b)
	t.LEAQ(operand.Mem{Base: fromB, Index: b, Scale: scalar}, b)
}

// steps runs over k, several steps at a time as long as there are as many.
func (t *tile) steps(a, b, bStride, bStride3 reg.Register) {
	left := t.load("K")
	t.SUBQ(operand.Imm(unroll), left)
	t.JL(operand.LabelRef("few"))
	t.Label("several")
	for step, from := range [unroll]operand.Mem{
		{Base: b}, {Base: b, Index: bStride, Scale: 1}, {Base: b, Index: bStride, Scale: 2}, {Base: b, Index: bStride3, Scale: 1},
	} {
		t.multiply(at(a, step*t.m*scalar), from)
	}
	t.ADDQ(operand.I32(unroll*t.m*scalar), a)
	t.LEAQ(operand.Mem{Base: b, Index: bStride, Scale: unroll}, b)
	t.SUBQ(operand.Imm(unroll), left)
	t.JGE(operand.LabelRef("several"))

	t.Label("few")
	t.ADDQ(operand.Imm(unroll), left)
	t.JZ(operand.LabelRef("next"))
	t.Label("one")
	t.multiply(at(a, 0), operand.Mem{Base: b})
	t.ADDQ(operand.I32(t.m*scalar), a)
	t.ADDQ(bStride, b)
	t.DECQ(left)
	t.JNZ(operand.LabelRef("one"))
	t.Label("next")
}

// multiply adds the outer product of m elements of A and v vectors of B. It holds the
// fewer of them.
func (t *tile) multiply(a, b operand.Mem) {
	switch {
	case t.v == 1 && t.isa.opmasks:
		t.multiplyColumn(a, b)
	case t.m < t.v:
		elements := t.vectors(t.m)
		for i := range elements {
			t.VBROADCASTSS(a.Offset(i*scalar), elements[i])
		}
		for j := range t.v {
			vector := t.loadB(b, j)
			for i := range elements {
				t.VFMADD231PS(vector, elements[i], t.acc[i*t.v+j])
			}
		}
	default:
		bs := make([]reg.VecVirtual, t.v)
		for j := range bs {
			bs[j] = t.loadB(b, j)
		}
		for i := range t.m {
			element := t.vector()
			t.VBROADCASTSS(a.Offset(i*scalar), element)
			for j := range t.v {
				t.VFMADD231PS(bs[j], element, t.acc[i*t.v+j])
			}
		}
	}
}

// multiplyColumn is multiply for one vector, of which rows have nothing to share: the
// multiplication itself broadcasts.
func (t *tile) multiplyColumn(a, b operand.Mem) {
	vector := t.loadB(b, 0)
	for i := range t.m {
		t.VFMADD231PS_BCST(a.Offset(i*scalar), vector, t.acc[i])
	}
}

// loadB is vector j of a row of B.
func (t *tile) loadB(b operand.Mem, j int) reg.VecVirtual {
	v := t.vector()
	t.lanesOf(j).load(t.kernel, b.Offset(j*t.isa.vector), v)
	return v
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
