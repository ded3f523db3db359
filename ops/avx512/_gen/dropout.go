package main

import (
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

// philoxGroups is the number of groups of blocks that are under way at once. A round of
// one has 6 instructions and a latency of 7 cycles; with two, and the next round of the
// loop, the processor has work enough. AVX2 has no registers for two.
func (a isa) philoxGroups() int {
	if a.opmasks {
		return 2
	}
	return 1
}

// blocksPerGroup is the number of blocks of a group, one to 64 bits.
func (a isa) blocksPerGroup() int { return a.vector / word }

// philoxWords is the number of draws that are made at once.
func (a isa) philoxWords() int { return 4 * a.blocksPerGroup() * a.philoxGroups() }

// dropping is what the parts of Dropout share.
type dropping struct {
	kernel
	src, dst      reg.GPVirtual
	counters      []vec // first words of the counters
	mul           [2]vec
	least, factor vec
	step          vec   // of the counters
	upper         where // halves of 64-bit lanes
}

func (a isa) dropout(c *build.Context) {
	d := &dropping{kernel: a.begin(c, "Dropout", "DropoutArgs", "Dropout multiplies elements by a factor or by 0, at random.")}
	d.prepare()
	d.limits()
	d.count()
	n, words := d.load("N"), a.philoxWords()
	d.overBlocks(n, words, func(left reg.GPVirtual) {
		masks := make([]mask, words/a.lanes())
		for i := range masks {
			masks[i] = whole{}
		}
		if left != nil {
			masks = d.firstLanes(left, len(masks))
		} else {
			for line := 0; line < words*scalar; line += cacheLine {
				d.PREFETCHT0(at(d.src, line+prefetchDistance))
				d.PREFETCHT0(at(d.dst, line+prefetchDistance))
			}
		}
		d.drop(masks)
		d.ADDQ(operand.I32(words*scalar), d.src)
		d.ADDQ(operand.I32(words*scalar), d.dst)
	})
	d.finish()
}

func (d *dropping) prepare() {
	d.src, d.dst = d.load("Src"), d.load("Dst")
	d.mul = [2]vec{d.bits(philoxMul0), d.bits(philoxMul1)}
	if d.isa.opmasks {
		upper := d.GP32()
		d.upper = d.K()
		d.MOVL(operand.U32(0xAAAA), upper)
		d.KMOVW(upper, d.upper)
	}
}

// limits loads what draws are compared with, and the factor.
func (d *dropping) limits() {
	d.least, d.factor = d.broadcast(d.field("Least")), d.broadcast(d.field("Factor"))
}

// count makes the counters those of blocks that follow each other.
func (d *dropping) count() {
	first := d.broadcast(d.element("Counter", 0))
	d.VPADDD(d.blockOrder(), first, first)
	for range d.isa.philoxGroups() {
		counter := d.vector()
		d.VMOVAPS(first, counter)
		d.counters = append(d.counters, counter)
		d.VPADDD(d.bits(uint32(d.isa.blocksPerGroup())), first, first)
	}
	d.step = d.bits(uint32(d.isa.blocksPerGroup() * d.isa.philoxGroups()))
}

// blockOrder is which block of a group a 64-bit lane has: the order in which
// [dropping.inOrder] finds consecutive blocks in each of two vectors.
func (d *dropping) blockOrder() operand.Mem {
	blocks := d.isa.blocksPerGroup()
	order := make([]uint32, 2*blocks) // the upper halves do not matter
	for lane := range blocks {
		order[2*lane] = uint32(lane/2 + lane%2*blocks/2)
	}
	return d.table("blockOrder", order...)
}

// drop does a vector of elements for each mask.
func (d *dropping) drop(masks []mask) {
	for i, draws := range d.draws() {
		d.dropVector(draws, masks[i], i*d.isa.vector)
	}
}

// dropVector does a vector of elements for a vector of draws, which it uses up.
func (d *dropping) dropVector(draws vec, m mask, offset int) {
	x := d.vector()
	d.keep(d.notBelow(draws, d.least), d.factor, draws)
	m.load(d.kernel, at(d.src, offset), x)
	d.VMULPS(draws, x, x)
	m.store(d.kernel, x, at(d.dst, offset))
}

// draws are the words of the next blocks, in order.
func (d *dropping) draws() (words []vec) {
	for _, c := range d.blocks() {
		words = append(words, d.inOrder(c)...)
	}
	return words
}

// blocks are the next blocks of every group: word i of each is the lower half of a lane
// of vector i.
func (d *dropping) blocks() [][4]vec {
	groups := make([][4]vec, len(d.counters))
	for g, counter := range d.counters {
		first := d.vector()
		d.VMOVAPS(counter, first)
		groups[g] = d.group(first)
		d.VPADDD(d.step, counter, counter)
	}
	return d.rounds(groups)
}

// group has the counters of a group, of which the first words are given.
func (d *dropping) group(first vec) [4]vec {
	g := [4]vec{first}
	for i := 1; i < 4; i++ {
		g[i] = d.broadcast(d.element("Counter", i))
	}
	return g
}

// rounds takes groups through all rounds.
func (d *dropping) rounds(groups [][4]vec) [][4]vec {
	for r := range philoxRounds {
		for g := range groups {
			groups[g] = d.round(groups[g], r)
		}
	}
	return groups
}

// round is a round of a group, a block to a 64-bit lane. Counter word i is the lower
// half of the lane of c[i]. What the upper half holds does not matter, since VPMULUDQ
// multiplies lower halves: a product is the next counter's word as it is.
func (d *dropping) round(c [4]vec, r int) [4]vec {
	p0, p1 := c[0], c[2]
	d.VPMULUDQ(d.mul[0], c[0], p0)
	d.VPMULUDQ(d.mul[1], c[2], p1)
	next0, next2 := d.vector(), d.vector()
	d.VMOVSHDUP(p1, next0)
	d.VMOVSHDUP(p0, next2)
	d.mix(c[1], d.element("Keys", 2*r), next0)
	d.mix(c[3], d.element("Keys", 2*r+1), next2)
	return [4]vec{next0, p1, next2, p0}
}

// mix makes y the exclusive or of itself, x and the key.
func (d *dropping) mix(x vec, key operand.Mem, y vec) {
	if d.isa.opmasks {
		const xor = 0x96 // of three
		d.VPTERNLOGD_BCST(operand.Imm(xor), key, x, y)
		return
	}
	d.VXORPS(x, y, y)
	d.VXORPS(d.broadcast(key), y, y)
}

// inOrder puts words 0 to 3 of every block beside each other.
func (d *dropping) inOrder(c [4]vec) []vec {
	d.beside(c[1], c[0])
	d.beside(c[3], c[2])
	d.VPUNPCKHQDQ(c[2], c[0], c[3])
	d.VPUNPCKLQDQ(c[2], c[0], c[1])
	return []vec{c[1], c[3]}
}

// beside puts the lower halves of the 64-bit lanes of x into the upper halves of y.
func (d *dropping) beside(x, y vec) {
	if d.isa.opmasks {
		d.VMOVSLDUP(x, d.upper, y)
		return
	}
	const upper = 0xAA // of pairs
	d.VMOVSLDUP(x, x)
	d.VBLENDPS(operand.Imm(upper), x, y, y)
}
