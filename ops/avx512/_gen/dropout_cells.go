package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// cellsPerBlock is the number of cells that a block of draws serves in each lane.
const cellsPerBlock = 4

// dropoutCells is dropout of cells of 16 rows that lie side by side. Every lane has a
// block of its own, whose words are the draws of cells that follow each other: even
// lanes are one group of blocks, odd ones another.
func (a isa) dropoutCells(c *build.Context) {
	const does = "DropoutCells multiplies elements of rows side by side by a factor or by 0, at random."
	d := &dropping{kernel: a.begin(c, "DropoutCells", "DropoutCellsArgs", does)}
	d.prepare()
	even, odd := d.vector(), d.vector()
	d.VMOVUPS(d.element("Blocks", 0), even)
	d.VPSRLQ(operand.Imm(32), even, odd)
	d.counters, d.step = []vec{even, odd}, d.bits(1)

	cells, size := d.load("Cells"), cellsPerBlock*a.vector
	d.Label("cells")
	for line := 0; line < size; line += cacheLine {
		d.PREFETCHT0(at(d.src, line+prefetchDistance))
	}
	groups := d.blocks()
	for i := range cellsPerBlock {
		d.beside(groups[1][i], groups[0][i])
		d.dropVector(groups[0][i], whole{}, i*a.vector)
	}
	d.ADDQ(operand.I32(size), d.src)
	d.ADDQ(operand.I32(size), d.dst)
	d.SUBQ(operand.I32(cellsPerBlock), cells)
	d.JNZ(operand.LabelRef("cells"))
	d.finish()
}
