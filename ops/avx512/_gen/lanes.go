package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// block is the number of rows and of columns that are transposed at a time.
const block = vector / scalar

// lanes generates the two kernels that put samples side by side and apart again.
// Both are transpositions: of 16 elements of every sample at a time.
func lanes(c *build.Context) {
	lanesBody(c, "Interleave", "Interleave puts samples side by side.", interleaved)
	lanesBody(c, "Deinterleave", "Deinterleave takes samples apart.", deinterleaved)
}

// matrix is one side of a transposition: where it is, and how many rows of it are
// read or written, and which columns.
type matrix struct {
	at, stride reg.Register
	rows       reg.Register
	columns    reg.Register // a mask
}

// lanesBlock is what both kernels have of a block: the samples as they lie in memory,
// and side by side.
type lanesBlock struct{ plain, staged matrix }

func interleaved(b lanesBlock) (from, to matrix)   { return b.plain, b.staged }
func deinterleaved(b lanesBlock) (from, to matrix) { return b.staged, b.plain }

func lanesBody(c *build.Context, name, doc string, direction func(lanesBlock) (from, to matrix)) {
	k := begin(c, name, "LanesArgs", doc)
	left := k.load("N")
	b := lanesBlock{
		plain:  matrix{at: k.load("Plain"), stride: k.load("Stride"), rows: k.load("Samples"), columns: k.K()},
		staged: matrix{at: k.load("Staged"), stride: k.load("Lanes"), rows: k.GP64(), columns: k.loadMask("Mask")},
	}
	k.Label("block")
	k.elements(left, b)
	from, to := direction(b)
	k.storeRows(to, transpose(k, k.loadRows(from)))
	k.ADDQ(operand.I32(vector), b.plain.at)
	k.MOVQ(b.staged.stride, b.staged.rows)
	k.SHLQ(operand.Imm(4), b.staged.rows) // 16 elements of all lanes
	k.ADDQ(b.staged.rows, b.staged.at)
	k.SUBQ(operand.Imm(block), left)
	k.JG(operand.LabelRef("block"))
	k.finish()
}

// elements sets how many elements of each sample the block has: they are the
// columns of one side and the rows of the other.
func (k kernel) elements(left reg.Register, b lanesBlock) {
	n := b.staged.rows
	k.MOVQ(operand.I32(block), n)
	k.CMPQ(left, n)
	k.CMOVQLT(left, n)
	mask := k.GP64()
	k.MOVQ(operand.I32(1<<block-1), mask)
	k.BZHIQ(n, mask, mask)
	k.KMOVW(mask.As32(), b.plain.columns)
}

// loadRows reads the rows of a block. What is not there is zero.
func (k kernel) loadRows(m matrix) []reg.VecVirtual {
	rows, at := k.zeros(block), k.copyOf(m.at)
	for i, z := range rows {
		k.CMPQ(m.rows, operand.Imm(uint64(i)))
		k.JEQ(operand.LabelRef("loaded"))
		k.VMOVUPS_Z(operand.Mem{Base: at}, m.columns, z)
		if i < block-1 {
			k.ADDQ(m.stride, at)
		}
	}
	k.Label("loaded")
	return rows
}

// storeRows writes the rows of a block that are there.
func (k kernel) storeRows(m matrix, rows []reg.VecVirtual) {
	at := k.copyOf(m.at)
	for i, z := range rows {
		k.CMPQ(m.rows, operand.Imm(uint64(i)))
		k.JEQ(operand.LabelRef("stored"))
		k.VMOVUPS(z, m.columns, operand.Mem{Base: at})
		if i < block-1 {
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

// transpose turns 16 rows of 16 elements into columns, in four rounds of two
// registers each. The first two bring together the elements of four rows that have
// the same column: after them, quarter q of register 4·g + e has column 4·q + e of
// rows 4·g to 4·g + 3. The others move quarters.
func transpose(k kernel, r []reg.VecVirtual) []reg.VecVirtual {
	shuffle := func(op func(ops ...operand.Op), a, b reg.VecVirtual) reg.VecVirtual {
		z := k.ZMM()
		op(b, a, z)
		return z
	}
	quarters := func(imm uint64) func(ops ...operand.Op) {
		return func(ops ...operand.Op) { k.VSHUFF32X4(operand.Imm(imm), ops[0], ops[1], ops[2]) }
	}
	even, odd := quarters(0x88), quarters(0xDD)

	four := make([]reg.VecVirtual, block)
	for g := 0; g < block; g += 4 {
		low01, high01 := shuffle(k.VUNPCKLPS, r[g], r[g+1]), shuffle(k.VUNPCKHPS, r[g], r[g+1])
		low23, high23 := shuffle(k.VUNPCKLPS, r[g+2], r[g+3]), shuffle(k.VUNPCKHPS, r[g+2], r[g+3])
		four[g], four[g+1] = shuffle(k.VUNPCKLPD, low01, low23), shuffle(k.VUNPCKHPD, low01, low23)
		four[g+2], four[g+3] = shuffle(k.VUNPCKLPD, high01, high23), shuffle(k.VUNPCKHPD, high01, high23)
	}
	columns := make([]reg.VecVirtual, block)
	for e := range 4 {
		a, b, c, d := four[e], four[4+e], four[8+e], four[12+e]
		abEven, abOdd := shuffle(even, a, b), shuffle(odd, a, b)
		cdEven, cdOdd := shuffle(even, c, d), shuffle(odd, c, d)
		columns[e], columns[8+e] = shuffle(even, abEven, cdEven), shuffle(odd, abEven, cdEven)
		columns[4+e], columns[12+e] = shuffle(even, abOdd, cdOdd), shuffle(odd, abOdd, cdOdd)
	}
	return columns
}
