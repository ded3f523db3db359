package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose turns the rows of a square into its columns. Two rounds of two registers
// each bring together the elements of four rows that have the same column: after
// them, quad q of register 4·g + e has column 4·q + e of rows 4·g to 4·g + 3. The
// others move quads.
func transpose(k kernel, r []reg.VecVirtual) []reg.VecVirtual {
	four := make([]reg.VecVirtual, len(r))
	for g := 0; g < len(r); g += quad {
		low01, high01 := k.shuffle(k.VUNPCKLPS, r[g], r[g+1]), k.shuffle(k.VUNPCKHPS, r[g], r[g+1])
		low23, high23 := k.shuffle(k.VUNPCKLPS, r[g+2], r[g+3]), k.shuffle(k.VUNPCKHPS, r[g+2], r[g+3])
		four[g], four[g+1] = k.shuffle(k.VUNPCKLPD, low01, low23), k.shuffle(k.VUNPCKHPD, low01, low23)
		four[g+2], four[g+3] = k.shuffle(k.VUNPCKLPD, high01, high23), k.shuffle(k.VUNPCKHPD, high01, high23)
	}
	if len(r) == 2*quad {
		return k.quadsOfTwo(four)
	}
	return k.quadsOfFour(four)
}

// quadsOfTwo are the columns of a square of 8 rows.
func (k kernel) quadsOfTwo(four []reg.VecVirtual) []reg.VecVirtual {
	first := func(ops ...operand.Op) { k.VPERM2F128(operand.Imm(0x20), ops[0], ops[1], ops[2]) }
	second := func(ops ...operand.Op) { k.VPERM2F128(operand.Imm(0x31), ops[0], ops[1], ops[2]) }
	columns := make([]reg.VecVirtual, 2*quad)
	for e := range quad {
		a, b := four[e], four[quad+e]
		columns[e], columns[quad+e] = k.shuffle(first, a, b), k.shuffle(second, a, b)
	}
	return columns
}

// quadsOfFour are the columns of a square of 16 rows, in two rounds.
func (k kernel) quadsOfFour(four []reg.VecVirtual) []reg.VecVirtual {
	even := func(ops ...operand.Op) { k.VSHUFF32X4(operand.Imm(0x88), ops[0], ops[1], ops[2]) }
	odd := func(ops ...operand.Op) { k.VSHUFF32X4(operand.Imm(0xDD), ops[0], ops[1], ops[2]) }
	columns := make([]reg.VecVirtual, 4*quad)
	for e := range quad {
		a, b, c, d := four[e], four[4+e], four[8+e], four[12+e]
		abEven, abOdd := k.shuffle(even, a, b), k.shuffle(odd, a, b)
		cdEven, cdOdd := k.shuffle(even, c, d), k.shuffle(odd, c, d)
		columns[e], columns[8+e] = k.shuffle(even, abEven, cdEven), k.shuffle(odd, abEven, cdEven)
		columns[4+e], columns[12+e] = k.shuffle(even, abOdd, cdOdd), k.shuffle(odd, abOdd, cdOdd)
	}
	return columns
}

// shuffle is what an instruction makes of two registers.
func (k kernel) shuffle(op func(ops ...operand.Op), a, b reg.VecVirtual) reg.VecVirtual {
	v := k.vector()
	op(b, a, v)
	return v
}
