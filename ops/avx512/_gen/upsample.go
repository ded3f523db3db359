package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// upsample generates Upsample. A vector of a row is gathered once and written to all
// copies of the row.
func (a isa) upsample(c *build.Context) {
	k := a.begin(c, "Upsample", "UpsampleArgs", "Upsample repeats the elements of rows, and the rows.")
	src, dst, dstStride, rows := k.load("Src"), k.load("Dst"), k.load("DstStride"), k.load("Rows")
	index, position, nextRow, copies := k.GP64(), k.GP64(), k.load("Copies"), k.GP64()
	k.IMULQ(dstStride, nextRow)

	k.Label("row")
	k.MOVQ(k.field("Index"), index)
	k.XORQ(position, position)
	n := k.load("N")
	k.overVectors(n, func(lanes mask) {
		from, to := k.vector(), k.GP64()
		lanes.load(k, operand.Mem{Base: index, Index: position, Scale: 1}, from)
		x := k.gather(lanes, operand.Mem{Base: src, Index: from, Scale: scalar})
		k.LEAQ(operand.Mem{Base: dst, Index: position, Scale: 1}, to)
		k.MOVQ(k.field("Copies"), copies)
		k.Label(place(lanes) + "Copy")
		lanes.store(k, x, at(to, 0))
		k.ADDQ(dstStride, to)
		k.DECQ(copies)
		k.JNZ(operand.LabelRef(place(lanes) + "Copy"))
		k.ADDQ(operand.I32(k.isa.vector), position)
	})
	k.ADDQ(k.field("SrcStride"), src)
	k.ADDQ(nextRow, dst)
	k.DECQ(rows)
	k.JNZ(operand.LabelRef("row"))
	k.finish()
}

// gather is what a vector of indices points to.
func (k kernel) gather(lanes mask, mem operand.Mem) vec {
	x, used := k.zeros(1)[0], k.condition()
	switch m := lanes.(type) {
	case opmask:
		k.KMOVW(m.Register, used)
	case laneMask:
		k.VMOVUPS(m.Mem, used)
	case whole:
		if k.isa.opmasks {
			k.KXNORW(used, used, used)
		} else {
			k.VPCMPEQD(x, x, used)
		}
	}
	if k.isa.opmasks {
		k.VGATHERDPS(mem, used, x)
	} else {
		k.VGATHERDPS(used, mem, x)
	}
	return x
}
