package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cells of a blocked layout have the bytes of a vector of AVX-512.
const (
	cell  = 64
	wides = 2 * cell // 16 float64
)

// overCells is a loop over cells that goes through them a vector wide.
type overCells struct {
	kernel
	position reg.GPVirtual // bytes
}

// cells generates the loops over cells. None has a tail.
func (a isa) cells(c *build.Context) {
	a.normaliseCells(c)
	a.normaliseCellsBackward(c)
	a.cellMoments(c)
	a.cellGradientMoments(c)
	a.copyCells(c)
}

// copyCells generates the copy of cells that do not lie side by side, which Go would call
// memmove for one by one.
func (a isa) copyCells(c *build.Context) {
	k := a.begin(c, "CopyCells", "CopyCellsArgs", "CopyCells copies cells that lie apart.")
	dst, dstStep, src, srcStep, n := k.load("Dst"), k.load("DstStep"), k.load("Src"), k.load("SrcStep"), k.load("N")
	k.Label("cell")
	parts := k.vectors(cell / a.vector)
	for i, v := range parts {
		k.VMOVUPS(at(src, i*a.vector), v)
	}
	for i, v := range parts {
		k.VMOVUPS(v, at(dst, i*a.vector))
	}
	k.ADDQ(srcStep, src)
	k.ADDQ(dstStep, dst)
	k.DECQ(n)
	k.JNZ(operand.LabelRef("cell"))
	k.finish()
}

func (a isa) beginCells(c *build.Context, name, does string) *overCells {
	return &overCells{kernel: a.begin(c, name, "CellsArgs", name+" "+does+".")}
}

// tensor is the vector of the current cell of a field. It comes before each.
func (o *overCells) tensor(field string) operand.Mem {
	if o.position == nil {
		o.position = o.GP64()
		o.XORQ(o.position, o.position)
	}
	return operand.Mem{Base: o.load(field), Index: o.position, Scale: 1}
}

// constants are the first n rows of C.
func (o *overCells) constants(n int) []reg.VecVirtual {
	rows, at := o.vectors(n), o.load("C")
	for i, v := range rows {
		o.VMOVUPS(operand.Mem{Base: at, Disp: i * cell}, v)
	}
	return rows
}

// each does every cell.
func (o *overCells) each(do func()) {
	n := o.load("N")
	o.Label("cell")
	do()
	o.ADDQ(operand.I32(cell), o.position)
	o.DECQ(n)
	o.JNZ(operand.LabelRef("cell"))
}

func (a isa) normaliseCells(c *build.Context) {
	o := a.beginCells(c, "NormaliseCells", "normalises cells by lines")
	src, dst, line := o.tensor("A"), o.tensor("Dst"), o.constants(3)
	centre, slope, offset := line[0], line[1], line[2]
	o.each(func() {
		x := o.vector()
		o.VMOVUPS(src, x)
		o.VSUBPS(centre, x, x)
		o.VMULPS(slope, x, x)
		o.VADDPS(offset, x, x)
		o.VMOVUPS(x, dst)
	})
	o.finish()
}

func (a isa) normaliseCellsBackward(c *build.Context) {
	o := a.beginCells(c, "NormaliseCellsBackward", "is the gradient of normalisation by planes")
	diff, src, dst, plane := o.tensor("A"), o.tensor("B"), o.tensor("Dst"), o.constants(4)
	centre, byDiff, bySrc, offset := plane[0], plane[1], plane[2], plane[3]
	o.each(func() {
		x, d := o.vector(), o.vector()
		o.VMOVUPS(src, x)
		o.VSUBPS(centre, x, x)
		o.VMULPS(bySrc, x, x)
		o.VADDPS(offset, x, x)
		o.VMULPS(diff, byDiff, d)
		o.VADDPS(x, d, d)
		o.VMOVUPS(d, dst)
	})
	o.finish()
}

func (a isa) cellMoments(c *build.Context) {
	o := a.beginCells(c, "CellMoments", "adds up cells and their squares")
	src, shift, sums := o.tensor("A"), o.shift(), o.loadSums(2)
	o.each(func() {
		for half := range 2 {
			x, square := o.widen(src, half), o.vector()
			o.VSUBPD(shift[half], x, x)
			o.VMULPD(x, x, square)
			o.addTo(sums, half, x, square)
		}
	})
	o.storeSums(sums)
	o.finish()
}

func (a isa) cellGradientMoments(c *build.Context) {
	o := a.beginCells(c, "CellGradientMoments", "adds up cells, their gradients and the products of both")
	diff, src, shift, sums := o.tensor("A"), o.tensor("B"), o.shift(), o.loadSums(3)
	o.each(func() {
		for half := range 2 {
			x, d, product := o.widen(src, half), o.widen(diff, half), o.vector()
			o.VSUBPD(shift[half], x, x)
			o.VMULPD(x, d, product)
			o.addTo(sums, half, x, d, product)
		}
	})
	o.storeSums(sums)
	o.finish()
}

// shift is the first constant in float64, in two halves.
func (o *overCells) shift() [2]reg.VecVirtual {
	at := operand.Mem{Base: o.load("C")}
	return [2]reg.VecVirtual{o.widen(at, 0), o.widen(at, 1)}
}

// widen reads half a vector of float32 as float64.
func (k kernel) widen(mem operand.Mem, half int) reg.VecVirtual {
	v := k.vector()
	mem.Disp += half * k.isa.vector / 2
	k.VCVTPS2PD(mem, v)
	return v
}

// addTo adds a term of every kind to its sums.
func (o *overCells) addTo(sums [][2]reg.VecVirtual, half int, terms ...reg.VecVirtual) {
	for kind, term := range terms {
		o.VADDPD(term, sums[kind][half], sums[kind][half])
	}
}

// loadSums are the sums of every kind, in two halves of a vector of cells.
func (o *overCells) loadSums(kinds int) [][2]reg.VecVirtual {
	sums, at := make([][2]reg.VecVirtual, kinds), o.load("Sums")
	for kind := range sums {
		for half := range sums[kind] {
			sums[kind][half] = o.vector()
			o.VMOVUPD(o.sum(at, kind, half), sums[kind][half])
		}
	}
	return sums
}

func (o *overCells) storeSums(sums [][2]reg.VecVirtual) {
	at := o.load("Sums")
	for kind := range sums {
		for half, v := range sums[kind] {
			o.VMOVUPD(v, o.sum(at, kind, half))
		}
	}
}

// sum is the memory of a vector of sums.
func (o *overCells) sum(base reg.Register, kind, half int) operand.Mem {
	return at(base, kind*wides+half*o.isa.vector)
}
