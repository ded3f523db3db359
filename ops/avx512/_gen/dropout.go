package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The constants of Philox4x32-10 (Salmon et al., SC'11, table 2).
const (
	philoxRounds = 10
	philoxMul0   = 0xD2511F53
	philoxMul1   = 0xCD9E8D57
)

const (
	// philoxGroups is the number of groups of blocks that are under way at once. A
	// round of one has 6 instructions and a latency of 7 cycles; with two, and the
	// next round of the loop, the processor has work enough.
	philoxGroups   = 2
	blocksPerGroup = vector / 8
	wordsPerGroup  = 4 * blocksPerGroup
)

// dropping is what the parts of Dropout share.
type dropping struct {
	kernel
	src, dst      reg.GPVirtual
	counters      [philoxGroups]vec // first words of the counters
	words         [3]vec            // the others
	mul           [2]vec
	least, factor vec
	step          vec          // of the counters
	upper         reg.Register // halves of 64-bit lanes
}

func dropout(c *build.Context) {
	d := &dropping{kernel: begin(c, "Dropout", "DropoutArgs", "Dropout multiplies elements by a factor or by 0, at random.")}
	d.prepare()
	n := d.load("N")
	const elements = philoxGroups * wordsPerGroup

	d.SUBQ(operand.I32(elements), n)
	d.JLT(operand.LabelRef("tail"))
	d.Label("groups")
	d.drop(make([]reg.Register, elements*scalar/vector))
	d.ADDQ(operand.I32(elements*scalar), d.src)
	d.ADDQ(operand.I32(elements*scalar), d.dst)
	d.SUBQ(operand.I32(elements), n)
	d.JGE(operand.LabelRef("groups"))

	d.Label("tail")
	d.ADDQ(operand.I32(elements), n)
	d.JZ(operand.LabelRef("end"))
	d.drop(d.masks(n, elements*scalar/vector))
	d.Label("end")
	d.finish()
}

func (d *dropping) prepare() {
	d.src, d.dst = d.load("Src"), d.load("Dst")
	upper := d.GP32()
	d.upper = d.K()
	d.MOVL(operand.U32(0xAAAA), upper)
	d.KMOVW(upper, d.upper)
	d.least, d.factor = d.broadcast(d.field("Least")), d.broadcast(d.field("Factor"))
	d.mul = [2]vec{d.bits(philoxMul0), d.bits(philoxMul1)}
	for i := range d.words {
		d.words[i] = d.broadcast(d.element("Counter", 1+i))
	}
	first := d.broadcast(d.element("Counter", 0))
	blocks := d.bits(blocksPerGroup)
	d.VPADDD(d.blockOrder(), first, first)
	for g := range d.counters {
		d.counters[g] = d.ZMM()
		d.VMOVDQA32(first, d.counters[g])
		d.VPADDD(blocks, first, first)
	}
	d.step = d.bits(philoxGroups * blocksPerGroup)
}

// blockOrder is which block of a group a 64-bit lane has: the order in which
// [dropping.inOrder] finds four consecutive blocks in each of two vectors.
func (d *dropping) blockOrder() operand.Mem {
	mem := d.StaticGlobal("blockOrder")
	d.DataAttributes(attr.RODATA | attr.NOPTR)
	for lane, block := range []uint64{0, 4, 1, 5, 2, 6, 3, 7} {
		d.AddDatum(lane*word, operand.U64(block))
	}
	return mem
}

// masks are those of the first n lanes of several vectors.
func (d *dropping) masks(n reg.GPVirtual, vectors int) []reg.Register {
	bits := d.GP64()
	d.MOVQ(operand.I32(-1), bits)
	d.BZHIQ(n, bits, bits)
	masks := make([]reg.Register, vectors)
	for i := range masks {
		masks[i] = d.K()
		d.KMOVW(bits.As32(), masks[i])
		d.SHRQ(operand.Imm(vector/scalar), bits)
	}
	return masks
}

// drop does a vector of elements for each mask.
func (d *dropping) drop(masks []reg.Register) {
	for i, draws := range d.draws() {
		kept, x := d.K(), d.ZMM()
		d.VPCMPUD(operand.Imm(notLess), d.least, draws, kept)
		d.VMOVAPS_Z(d.factor, kept, draws)
		d.loadLanes(at(d.src, i*vector), masks[i], x)
		d.VMULPS(draws, x, x)
		d.storeLanes(x, masks[i], at(d.dst, i*vector))
	}
}

// draws are the words of the next blocks.
func (d *dropping) draws() (words []vec) {
	var groups [philoxGroups][4]vec
	for g := range groups {
		for i := range groups[g] {
			groups[g][i] = d.ZMM()
		}
		d.VMOVDQA32(d.counters[g], groups[g][0])
		for i := range d.words {
			d.VMOVDQA32(d.words[i], groups[g][1+i])
		}
		d.VPADDD(d.step, d.counters[g], d.counters[g])
	}
	for r := range philoxRounds {
		for g := range groups {
			groups[g] = d.round(groups[g], r)
		}
	}
	for _, c := range groups {
		words = append(words, d.inOrder(c)...)
	}
	return words
}

// round is a round of eight blocks, one to a 64-bit lane. Counter word i is the
// lower half of the lane of c[i]. What the upper half holds does not matter, since
// VPMULUDQ multiplies lower halves: a product is the next counter's word as it is.
func (d *dropping) round(c [4]vec, r int) [4]vec {
	p0, p1 := c[0], c[2]
	d.VPMULUDQ(d.mul[0], c[0], p0)
	d.VPMULUDQ(d.mul[1], c[2], p1)
	next0, next2 := d.ZMM(), d.ZMM()
	d.VMOVSHDUP(p1, next0)
	d.VMOVSHDUP(p0, next2)
	const xor = 0x96 // of three
	d.VPTERNLOGD_BCST(operand.Imm(xor), d.element("Keys", 2*r), c[1], next0)
	d.VPTERNLOGD_BCST(operand.Imm(xor), d.element("Keys", 2*r+1), c[3], next2)
	return [4]vec{next0, p1, next2, p0}
}

// inOrder puts words 0 to 3 of every block beside each other.
func (d *dropping) inOrder(c [4]vec) []vec {
	d.VMOVSLDUP(c[1], d.upper, c[0])
	d.VMOVSLDUP(c[3], d.upper, c[2])
	d.VPUNPCKHQDQ(c[2], c[0], c[3])
	d.VPUNPCKLQDQ(c[2], c[0], c[1])
	return []vec{c[1], c[3]}
}
