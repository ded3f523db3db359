package main

import (
	"math/bits"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// interleaving generates the two kernels that put samples side by side and apart
// again. Both are transpositions, of a square of as many elements of every sample at
// a time as a vector has lanes.
func (a isa) interleaving(c *build.Context) {
	a.interleavingBody(c, "Interleave", "Interleave puts samples side by side.", interleaved)
	a.interleavingBody(c, "Deinterleave", "Deinterleave takes samples apart.", deinterleaved)
}

// matrix is one side of a transposition: where it is, and how many rows of it are
// read or written, and which columns. Where it goes on there may be more to read.
type matrix struct {
	at, stride reg.Register
	rows       reg.Register
	columns    mask
	goesOn     bool
}

// square is what both kernels have of a square: the samples as they lie in memory,
// and side by side.
type square struct{ plain, staged matrix }

func interleaved(s square) (from, to matrix)   { return s.plain, s.staged }
func deinterleaved(s square) (from, to matrix) { return s.staged, s.plain }

func (a isa) interleavingBody(c *build.Context, name, doc string, direction func(square) (from, to matrix)) {
	k := a.begin(c, name, "LanesArgs", doc)
	left := k.load("N")
	s := square{
		plain:  matrix{at: k.load("Plain"), stride: k.load("Stride"), rows: k.load("Samples"), goesOn: true},
		staged: matrix{at: k.load("Staged"), stride: k.load("Lanes"), rows: k.GP64(), columns: k.maskField("Mask")},
	}
	k.Label("square")
	s.plain.columns = k.elements(left, s)
	from, to := direction(s)
	if !a.opmasks {
		k.unlessWhole(s, "part")
		k.storeAll(to, transpose(k, k.loadAll(from)))
		k.JMP(operand.LabelRef("next"))
		k.Label("part")
	}
	k.storeRows(to, transpose(k, k.loadRows(from)))
	k.Label("next")
	k.ADDQ(operand.I32(a.vector), s.plain.at)
	k.MOVQ(s.staged.stride, s.staged.rows)
	k.SHLQ(operand.Imm(uint64(bits.Len(uint(a.lanes()))-1)), s.staged.rows) // all elements of the square
	k.ADDQ(s.staged.rows, s.staged.at)
	k.SUBQ(operand.Imm(uint64(a.lanes())), left)
	k.JG(operand.LabelRef("square"))
	k.finish()
}

// elements sets how many elements of each sample the square has: they are the rows
// of one side and, as the mask says, the columns of the other.
func (k kernel) elements(left reg.Register, s square) mask {
	n := s.staged.rows
	k.MOVQ(operand.I32(k.isa.lanes()), n)
	k.CMPQ(left, n)
	k.CMOVQLT(left, n)
	lanes, count := k.GP64(), n
	if k.isa.maskBits > 1 {
		count = k.GP64()
		k.IMUL3Q(operand.I32(k.isa.maskBits), n, count)
	}
	k.MOVQ(k.isa.fullMask(k.isa.lanes()), lanes)
	k.BZHIQ(count, lanes, lanes)
	return k.maskOf(lanes)
}

// unlessWhole jumps unless all rows and columns are there.
func (k kernel) unlessWhole(s square, label string) {
	for _, rows := range []reg.Register{s.plain.rows, s.staged.rows} {
		k.CMPQ(rows, operand.Imm(uint64(k.isa.lanes())))
		k.JNE(operand.LabelRef(label))
	}
	k.CMPQ(k.field("Mask"), operand.I32(-1))
	k.JNE(operand.LabelRef(label))
}

func (k kernel) loadAll(m matrix) []reg.VecVirtual {
	rows, at := k.vectors(k.isa.lanes()), k.copyOf(m.at)
	for _, v := range rows {
		k.VMOVUPS(operand.Mem{Base: at}, v)
		k.prefetch(m, at)
		k.ADDQ(m.stride, at)
	}
	return rows
}

func (k kernel) storeAll(m matrix, rows []reg.VecVirtual) {
	at := k.copyOf(m.at)
	for _, v := range rows {
		k.VMOVUPS(v, operand.Mem{Base: at})
		k.ADDQ(m.stride, at)
	}
}

// loadRows reads the rows of a square. What is not there is zero.
func (k kernel) loadRows(m matrix) []reg.VecVirtual {
	rows, at := k.zeros(k.isa.lanes()), k.copyOf(m.at)
	for i, v := range rows {
		k.CMPQ(m.rows, operand.Imm(uint64(i)))
		k.JEQ(operand.LabelRef("loaded"))
		m.columns.load(k, operand.Mem{Base: at}, v)
		k.prefetch(m, at)
		if i < len(rows)-1 {
			k.ADDQ(m.stride, at)
		}
	}
	k.Label("loaded")
	return rows
}

// prefetchAhead is how many bytes a prefetch of a row is ahead of it. Rows are often those
// of images, one after the other, of many channels or samples at once: more than a processor
// follows by itself.
const prefetchAhead = 256

func (k kernel) prefetch(m matrix, row reg.Register) {
	if m.goesOn {
		k.PREFETCHT0(at(row, prefetchAhead))
	}
}

// storeRows writes the rows of a square that are there.
func (k kernel) storeRows(m matrix, rows []reg.VecVirtual) {
	at := k.copyOf(m.at)
	for i, v := range rows {
		k.CMPQ(m.rows, operand.Imm(uint64(i)))
		k.JEQ(operand.LabelRef("stored"))
		m.columns.store(k, v, operand.Mem{Base: at})
		if i < len(rows)-1 {
			k.ADDQ(m.stride, at)
		}
	}
	k.Label("stored")
}

func (k kernel) copyOf(r reg.Register) reg.GPVirtual {
	c := k.GP64()
	k.MOVQ(r, c)
	return c
}
