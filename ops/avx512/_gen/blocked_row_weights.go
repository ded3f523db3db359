package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// reduceRowWeights runs over rows and, within each, over its cells. An element of a cell
// meets the gradient at the position to its right for the first tap, at its own for the
// second and to its left for the third, so three vectors of B go along. Those before the
// row and behind it do not exist: the first cell and the last are no part of the loop.
// There are at least two.
func (t *blockedTile) reduceRowWeights() {
	taps, count := t.load("Taps"), t.load("Count")
	aStep, aheadA, aheadB := t.load("AStride"), t.load("AheadA"), t.load("AheadB")
	a, b, steps := t.GP64(), t.GP64(), t.GP64()

	t.Label("tap")
	t.MOVQ(at(taps, 0), a)
	t.ADDQ(t.field("A"), a)
	t.MOVQ(at(taps, word), b)
	t.ADDQ(t.field("B"), b)
	t.MOVQ(at(taps, 2*word), steps)
	left, here, right := t.vector(), t.vector(), t.vector()
	move := func() { // to the next cell
		t.VMOVAPS(here, left)
		t.VMOVAPS(right, here)
		t.ADDQ(aStep, a)
		t.ADDQ(operand.I32(blockLength*scalar), b)
	}
	t.VMOVUPS(at(b, 0), here)
	t.VMOVUPS(at(b, blockLength*scalar), right)
	t.multiplyCell(a, right, here, nil)
	move()
	t.SUBQ(operand.Imm(2), steps)
	t.JZ(operand.LabelRef("last"))

	t.Label("step")
	t.PREFETCHT1(operand.Mem{Base: a, Index: aheadA, Scale: 1})
	t.PREFETCHT1(operand.Mem{Base: b, Index: aheadB, Scale: 1})
	t.VMOVUPS(at(b, blockLength*scalar), right)
	t.multiplyCell(a, right, here, left)
	move()
	t.DECQ(steps)
	t.JNZ(operand.LabelRef("step"))

	t.Label("last")
	t.multiplyCell(a, nil, here, left)
	t.ADDQ(operand.I32(3*word), taps)
	t.DECQ(count)
	t.JNZ(operand.LabelRef("tap"))
}

// multiplyCell adds the products of the elements of a cell with the vectors of B that each
// tap wants, or none.
func (t *blockedTile) multiplyCell(a reg.Register, vectors ...reg.Register) {
	for i := range t.rows {
		element := t.vector()
		t.VBROADCASTSS(at(a, i*scalar), element)
		for tap, v := range vectors {
			if v != nil {
				t.VFMADD231PS(v, element, t.acc[i*t.blocks+tap])
			}
		}
	}
}
