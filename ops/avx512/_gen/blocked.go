package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The largest number of rows of a tile for each number of blocks of channels, from 1.
//
// A tile holds rows·blocks accumulators, the blocks of B of a step, and one broadcast
// element of A. A step loads rows + blocks times and multiplies rows·blocks times:
// 14 x 2, 9 x 3 and 6 x 4 use 31 registers of AVX-512 and leave loads to spare. With
// one block the row count is limited by the registers that address rows.
// AVX2 has 16 registers and two vectors to a block.
var (
	blockedRowsAVX512 = []int{0, 14, 14, 9, 6}
	blockedRowsAVX2   = []int{0, 6}
)

// blockLength is the number of channels of a block, whatever the instruction set.
const blockLength = 16

func (a isa) blocked(c *build.Context) {
	for _, role := range a.blockedRoles() {
		for _, tile := range role.tiles(a) {
			a.blockedBody(c, role, tile.rows, tile.blocks)
		}
	}
}

// blockedTile is what the parts of a body share.
type blockedTile struct {
	kernel
	role         blockedRole
	rows, blocks int
	perBlock     int              // vectors of a block
	acc          []reg.VecVirtual // rows of the blocks' vectors
	aStride      reg.Register     // between rows, or between steps
	multiples    map[int]reg.Register
	bVector      reg.Register // between blocks of B
	bVector3     reg.Register

	bTap, left, right reg.Register // of a row
}

func (a isa) blockedBody(c *build.Context, role blockedRole, rows, blocks int) {
	name := role.body(rows, blocks)
	k := a.begin(c, name, "BlockedArgs", fmt.Sprintf("%s is %s with %d rows and %d blocks.", name, role.exported(), rows, blocks))
	t := blockedTile{kernel: k, role: role, rows: rows, blocks: blocks, perBlock: blockLength / a.lanes(), multiples: map[int]reg.Register{}}
	k.Label("tile")
	t.acc = k.zeros(rows * blocks * t.perBlock)
	if role.rowWeights {
		t.reduceRowWeights()
	} else {
		t.reduce()
	}
	t.finishTile()
	t.next("A", "ATile")
	t.next("C", "CTile")
	if role.ahead {
		t.asked()
	}
	k.DECQ(k.field("Tiles"))
	k.JNZ(operand.LabelRef("tile"))
	k.finish()
}

// next moves a pointer of the arguments to the next tile.
func (t *blockedTile) next(pointer, by string) {
	step := t.load(by)
	t.ADDQ(step, t.field(pointer))
}

// reduce runs over the taps and, within each, over its steps.
func (t *blockedTile) reduce() {
	taps, count := t.load("Taps"), t.load("Count")
	t.strides()
	a, b, steps := t.GP64(), t.GP64(), t.GP64()
	step := t.step()
	bases := []reg.Register{a}

	t.Label("tap")
	t.MOVQ(at(taps, 0), a)
	t.ADDQ(t.field("A"), a)
	t.MOVQ(at(taps, word), b)
	t.ADDQ(t.field("B"), b)
	t.MOVQ(at(taps, 2*word), steps)
	if t.role.rowsApart {
		bases = t.bases(a)
	}
	if t.role.rowsApart && !t.role.vectors {
		t.prefetch(taps)
	}
	over := func(label string) {
		if t.role.row {
			t.multiplyRow(a, b)
		} else {
			t.multiply(bases, b)
		}
		for _, base := range bases {
			t.ADDQ(step, base)
		}
		t.ADDQ(operand.I32(blockLength*scalar), b)
		t.DECQ(steps)
		t.JNZ(operand.LabelRef(label))
	}
	if t.role.ahead {
		t.ask(a, b, over)
	}
	t.Label("step")
	over("step")

	t.Label("next")
	t.ADDQ(operand.I32(3*word), taps)
	t.DECQ(count)
	t.JNZ(operand.LabelRef("tap"))
}

// strides loads the distances in A and B.
func (t *blockedTile) strides() {
	if t.role.row {
		t.bTap, t.left, t.right = t.load("BTap"), t.load("Left"), t.load("Right")
		return
	}
	t.aStride, t.bVector = t.load("AStride"), t.load("BVector")
	if t.blocks > 3 {
		t.bVector3 = t.multiple(t.bVector, 3)
	}
	if t.role.rowsApart {
		for i := 3; i < min(t.rows, rowsPerBase); i += 2 {
			t.multiples[i] = t.multiple(t.aStride, i)
		}
	}
}

// ask goes over the steps of a tap if there is something to ask for, and asks for it.
// The other tiles do without prefetches, which cost AVX2 a hundredth or two.
func (t *blockedTile) ask(a, b reg.Register, over func(label string)) {
	aheadA, aheadB, either := t.load("AheadA"), t.load("AheadB"), t.GP64()
	t.MOVQ(aheadA, either)
	t.ORQ(aheadB, either)
	t.JZ(operand.LabelRef("step"))
	t.Label("ask")
	t.PREFETCHT1(operand.Mem{Base: a, Index: aheadA, Scale: 1})
	t.PREFETCHT1(operand.Mem{Base: b, Index: aheadB, Scale: 1})
	over("ask")
	t.JMP(operand.LabelRef("next"))
}

// asked makes the tiles that follow ask for nothing: where every tile asked for the same,
// small weights took a fifth longer than without.
func (t *blockedTile) asked() {
	none := t.GP64()
	t.XORQ(none, none)
	t.MOVQ(none, t.field("AheadA"))
	t.MOVQ(none, t.field("AheadB"))
}

// step is the distance of neighbouring steps in A.
func (t *blockedTile) step() operand.Op {
	switch t.role.stepsBy {
	case "":
		return operand.I32(scalar)
	case "AStride":
		return t.aStride
	}
	return t.load(t.role.stepsBy)
}

// bases are the registers that address rows from a on.
func (t *blockedTile) bases(a reg.Register) []reg.Register {
	if t.rows <= rowsPerBase {
		return []reg.Register{a}
	}
	second := t.GP64()
	t.LEAQ(operand.Mem{Base: a, Index: t.multiples[3], Scale: 2}, second)
	t.ADDQ(t.aStride, second)
	return []reg.Register{a, second}
}

// prefetch asks for the rows of a tap to come: each is in another line of memory,
// where a processor does not expect it.
func (t *blockedTile) prefetch(taps reg.Register) {
	next := t.GP64()
	t.MOVQ(at(taps, tapsAhead*3*word), next)
	t.ADDQ(t.field("A"), next)
	bases := t.bases(next)
	for i := range t.rows {
		t.PREFETCHT0(t.element(bases, i))
	}
}

// tapsAhead is how many taps a prefetch is ahead. As many more are there to be read at
// the end of the list.
const tapsAhead = 2

// rowsPerBase is the number of rows that one base register addresses, with odd
// multiples of the stride up to 5 as index.
const rowsPerBase = 7

// multiple is a small odd multiple of a register.
func (t *blockedTile) multiple(r reg.Register, times int) reg.Register {
	m := t.GP64()
	t.IMUL3Q(operand.I32(times), r, m)
	return m
}

// multiply adds the products of one step: an element of every row with the blocks.
func (t *blockedTile) multiply(bases []reg.Register, b reg.Register) {
	bs := t.vectors(t.blocks * t.perBlock)
	for j := range bs {
		mem := t.block(b, j/t.perBlock)
		mem.Disp += j % t.perBlock * t.isa.vector
		t.VMOVUPS(mem, bs[j])
	}
	for i := range t.rows {
		if t.role.vectors {
			for j := range bs {
				mem := t.element(bases, i)
				mem.Disp += j * t.isa.vector
				t.VFMADD231PS(mem, bs[j], t.acc[i*len(bs)+j])
			}
			continue
		}
		element := t.vector()
		t.VBROADCASTSS(t.element(bases, i), element)
		for j := range bs {
			t.VFMADD231PS(bs[j], element, t.acc[i*len(bs)+j])
		}
	}
}

// block is the memory of block j of B.
func (t *blockedTile) block(b reg.Register, j int) operand.Mem {
	switch j {
	case 0:
		return at(b, 0)
	case 3:
		return operand.Mem{Base: b, Index: t.bVector3, Scale: 1}
	}
	return operand.Mem{Base: b, Index: t.bVector, Scale: uint8(j)}
}

// element is the memory of the element of row i.
func (t *blockedTile) element(bases []reg.Register, i int) operand.Mem {
	if !t.role.rowsApart {
		return at(bases[0], i*scalar)
	}
	base := bases[i/rowsPerBase]
	switch n := i % rowsPerBase; n {
	case 0:
		return at(base, 0)
	case 1, 2, 4:
		return operand.Mem{Base: base, Index: t.aStride, Scale: uint8(n)}
	case 6:
		return operand.Mem{Base: base, Index: t.multiples[3], Scale: 2}
	default:
		return operand.Mem{Base: base, Index: t.multiples[n], Scale: 1}
	}
}

// finishTile adds what there is to add, applies the activation and writes the tile.
func (t *blockedTile) finishTile() {
	n := t.blocks * t.perBlock
	bias := t.load("Bias")
	t.TESTQ(bias, bias)
	t.JZ(operand.LabelRef("add"))
	for j := range n {
		v := t.vector()
		t.VMOVUPS(at(bias, j*t.isa.vector), v)
		for i := range t.rows {
			t.VADDPS(v, t.acc[i*n+j], t.acc[i*n+j])
		}
	}
	t.Label("add")
	t.CMPQ(t.field("Accumulate"), operand.Imm(0))
	t.JEQ(operand.LabelRef("activate"))
	t.eachVector(func(mem operand.Mem, acc reg.VecVirtual) { t.VADDPS(mem, acc, acc) })
	t.Label("activate")
	t.activate()
	t.eachVector(func(mem operand.Mem, acc reg.VecVirtual) { t.VMOVUPS(acc, mem) })
}

// activate applies a rectifier, leaky or not. The sign picks the factor.
func (t *blockedTile) activate() {
	t.CMPQ(t.field("Post"), operand.Imm(blockedReLU))
	t.JB(operand.LabelRef("store"))
	t.JA(operand.LabelRef("leaky"))
	zero := t.zeros(1)[0]
	for _, acc := range t.acc {
		t.VMAXPS(acc, zero, acc) // NaN stays, for it comes second
	}
	t.JMP(operand.LabelRef("store"))
	t.Label("leaky")
	slope := t.vector()
	t.VBROADCASTSS(t.field("Slope"), slope)
	for _, acc := range t.acc {
		if t.isa.opmasks {
			negative := t.K()
			t.VPMOVD2M(acc, negative)
			t.VMULPS(slope, acc, negative, acc)
		} else {
			scaled := t.vector()
			t.VMULPS(slope, acc, scaled)
			t.VBLENDVPS(acc, scaled, acc, acc)
		}
	}
	t.Label("store")
}

// blockedReLU is the value of Post for the rectifier; one above is the leaky one.
const blockedReLU = 1

// eachVector calls do for the vectors of the tile of C, block by block.
func (t *blockedTile) eachVector(do func(mem operand.Mem, acc reg.VecVirtual)) {
	block, row := t.load("C"), t.GP64()
	cRow := t.load("CRow")
	for b := range t.blocks {
		t.MOVQ(block, row)
		for i := range t.rows {
			for j := range t.perBlock {
				do(at(row, j*t.isa.vector), t.acc[(i*t.blocks+b)*t.perBlock+j])
			}
			if i < t.rows-1 {
				t.ADDQ(cRow, row)
			}
		}
		if b < t.blocks-1 {
			t.ADDQ(t.field("CVector"), block)
		}
	}
}
