package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// transposing generates the kernel that brings cells of channels to cells of samples, or
// the other way round: a transposition at every position.
func (a isa) transposing(c *build.Context) {
	k := a.begin(c, "Transpose", "TransposeArgs", "Transpose makes columns of the rows of squares.")
	squares := k.load("Squares")
	s := square{
		plain:  matrix{at: k.load("Src"), stride: k.load("SrcStride"), rows: k.load("Rows"), columns: k.maskField("Mask")},
		staged: matrix{at: k.load("Dst"), stride: k.load("DstStride"), rows: k.load("Columns"), columns: whole{}},
	}
	k.Label("square")
	if !a.opmasks {
		k.unlessWhole(s, "part")
		k.storeAll(s.staged, transpose(k, k.loadAll(s.plain)))
		k.JMP(operand.LabelRef("next"))
		k.Label("part")
	}
	k.storeRows(s.staged, transpose(k, k.loadRows(s.plain)))
	k.Label("next")
	k.ADDQ(operand.I32(cell), s.plain.at)
	k.ADDQ(operand.I32(cell), s.staged.at)
	k.DECQ(squares)
	k.JNZ(operand.LabelRef("square"))
	k.finish()
}
