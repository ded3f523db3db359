package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

const (
	cellRows      = 16 // rows side by side
	cellsPerBlock = 4  // cells that a block of draws serves in each of them
)

// dropoutCells is dropout of rows that lie side by side. Every row has a block of its
// own, whose words are the draws of elements that follow each other: in a vector the
// even lanes are one group of blocks, the odd ones another.
func (a isa) dropoutCells(c *build.Context) {
	const does = "DropoutCells multiplies elements of rows side by side by a factor or by 0, at random."
	d := &dropping{kernel: a.begin(c, "DropoutCells", "DropoutCellsArgs", does)}
	d.prepare()
	cells, cell := d.load("Cells"), cellRows*scalar

	d.Label("cells")
	for line := 0; line < cellsPerBlock*cell; line += cacheLine {
		d.PREFETCHT0(at(d.src, line+prefetchDistance))
	}
	for first := 0; first < cellRows; first += a.lanes() {
		words := d.blocksOfRows(first)
		d.limits()
		for i, draws := range words {
			d.dropVector(draws, whole{}, i*cell+first*scalar)
		}
	}
	d.ADDQ(operand.I32(cellsPerBlock*cell), d.src)
	d.ADDQ(operand.I32(cellsPerBlock*cell), d.dst)
	d.SUBQ(operand.I32(cellsPerBlock), cells)
	d.JNZ(operand.LabelRef("cells"))
	d.finish()
}

// blocksOfRows are the next words of as many rows as a vector has lanes. AVX2 has the
// registers for one group at a time.
func (d *dropping) blocksOfRows(first int) [4]vec {
	counters := d.element("Blocks", first)
	even := func() [4]vec {
		x := d.vector()
		d.VMOVUPS(counters, x)
		return d.group(x)
	}
	odd := func() [4]vec {
		x := d.vector()
		d.VMOVSHDUP(counters, x)
		return d.group(x)
	}
	var groups [][4]vec
	if d.isa.opmasks {
		groups = d.rounds([][4]vec{even(), odd()})
	} else {
		groups = d.rounds([][4]vec{even()})
		groups = append(groups, d.rounds([][4]vec{odd()})...)
	}
	next := d.bits(1)
	d.VPADDD(counters, next, next)
	d.VMOVUPS(next, counters)
	for i, word := range groups[0] {
		d.beside(groups[1][i], word)
	}
	return groups[0]
}
