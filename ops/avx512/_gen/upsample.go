package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// upsample generates Upsample. A vector of a row is gathered once and written to all
// copies of the row.
func upsample(c *build.Context) {
	k := begin(c, "Upsample", "UpsampleArgs", "Upsample repeats the elements of rows, and the rows.")
	src, dst, dstStride, rows := k.load("Src"), k.load("Dst"), k.load("DstStride"), k.load("Rows")
	index, position, nextRow, copies := k.GP64(), k.GP64(), k.load("Copies"), k.GP64()
	k.IMULQ(dstStride, nextRow)

	k.Label("row")
	k.MOVQ(k.field("Index"), index)
	k.XORQ(position, position)
	n := k.load("N")
	k.overVectors(n, func(mask reg.Register) {
		from, x, to := k.ZMM(), k.ZMM(), k.GP64()
		k.loadLanes(operand.Mem{Base: index, Index: position, Scale: 1}, mask, from)
		k.VPXORD(x, x, x)
		k.VGATHERDPS(operand.Mem{Base: src, Index: from, Scale: scalar}, k.used(mask), x)
		k.LEAQ(operand.Mem{Base: dst, Index: position, Scale: 1}, to)
		k.MOVQ(k.field("Copies"), copies)
		k.Label(place(mask) + "Copy")
		k.storeLanes(x, mask, at(to, 0))
		k.ADDQ(dstStride, to)
		k.DECQ(copies)
		k.JNZ(operand.LabelRef(place(mask) + "Copy"))
		k.ADDQ(operand.I32(vector), position)
	})
	k.ADDQ(k.field("SrcStride"), src)
	k.ADDQ(nextRow, dst)
	k.DECQ(rows)
	k.JNZ(operand.LabelRef("row"))
	k.finish()
}

// used is a copy of a mask, or all lanes, that gathering and scattering use up.
func (k kernel) used(mask reg.Register) reg.Register {
	m := k.K()
	if mask == nil {
		k.KXNORW(m, m, m)
	} else {
		k.KMOVW(mask, m)
	}
	return m
}
