package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The smallest and the largest number of positions of a tile of BlockedRow: with fewer than
// eight a sum waits for the one before it, and with more than 28 there is no register for
// the weights of three taps and an element.
const (
	leastRow = 8
	mostRow  = 28
)

// rowTaps is the number of taps that BlockedRow takes together.
const rowTaps = 3

// multiplyRow adds the products of one step of all three taps: an element of a cell is
// loaded once, for the positions to its right, at it and to its left. The cells beyond the
// ends of the tile are looked at where there are any.
func (t *blockedTile) multiplyRow(a, b reg.Register) {
	weights := t.vectors(rowTaps)
	t.VMOVUPS(at(b, 0), weights[0])
	t.VMOVUPS(operand.Mem{Base: b, Index: t.bTap, Scale: 1}, weights[1])
	t.VMOVUPS(operand.Mem{Base: b, Index: t.bTap, Scale: 2}, weights[2])
	cell := func(q int) {
		element := t.vector()
		t.VBROADCASTSS(at(a, q*blockLength*scalar), element)
		for tap, w := range weights {
			if p := q + 1 - tap; p >= 0 && p < t.rows {
				t.VFMADD231PS(w, element, t.acc[p])
			}
		}
	}
	end := func(q int, there reg.Register, label string) {
		t.TESTQ(there, there)
		t.JZ(operand.LabelRef(label))
		cell(q)
		t.Label(label)
	}
	end(-1, t.left, "inner")
	for q := range t.rows {
		cell(q)
	}
	end(t.rows, t.right, "done")
}
