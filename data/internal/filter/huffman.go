package filter

import (
	"errors"
	"math/bits"
)

// A Huffman code of DEFLATE (RFC 1951, section 3.2) is decoded by tables: the
// next bits of the stream are the index of an entry. Codes that are longer than
// the index of the first table have a second one, to which an entry leads.
//
// An entry says, from its low bits up: how many bits the code takes (8 bits);
// how many extra bits follow (4), or of how many the index of the second table
// is; what else it is (4); and a value (15): a literal, the base of a length or
// of a distance, or where the second table begins.
type entry uint32

const (
	isSpecial entry = 1 << 12 // none of the ordinary things: an end, a table, or invalid
	isTable   entry = 1 << 13
	isEnd     entry = 1 << 14
	isLiteral entry = 1 << 31

	extraShift = 8
	valueShift = 16
)

func (e entry) bits() uint      { return uint(e) & 63 }
func (e entry) extra() uint     { return uint(e) >> extraShift & 15 }
func (e entry) value() int      { return int(e>>valueShift) & 0x7fff }
func (e entry) is(f entry) bool { return e&f != 0 }

const (
	mostBits    = 15 // of a code
	symbolIndex = 11 // bits of the index of the first table
	offsetIndex = 8

	// The most entries that complete codes of 288 and 32 symbols need, found by
	// zlib's authors (examples/enough.c).
	symbolEntries = 2342
	offsetEntries = 402
)

// symbolMeaning are the entries of literals and lengths without their bits,
// offsetMeaning those of distances.
var (
	symbolMeaning = meanings(288, func(s int) entry {
		switch {
		case s < 256:
			return isLiteral | entry(s)<<valueShift
		case s == 256:
			return isSpecial | isEnd
		case s < 265:
			return entry(s-254) << valueShift
		case s < 285:
			extra := (s - 261) / 4
			return entry(3+(4+(s-1)%4)<<extra)<<valueShift | entry(extra)<<extraShift
		case s == 285:
			return 258 << valueShift
		}
		return isSpecial
	})
	offsetMeaning = meanings(32, func(s int) entry {
		switch {
		case s < 4:
			return entry(s+1) << valueShift
		case s < 30:
			extra := s/2 - 1
			return entry(1+(2+s%2)<<extra)<<valueShift | entry(extra)<<extraShift
		}
		return isSpecial
	})
)

func meanings(n int, of func(int) entry) []entry {
	m := make([]entry, n)
	for s := range m {
		m[s] = of(s)
	}
	return m
}

var errCode = errors.New("a code of Huffman's is damaged")

// buildTable fills a table of a first index of so many bits for the code whose
// symbols have these lengths, 0 for none, and meanings. A code must use all bit
// patterns, or be of one symbol with one bit, or of none.
func buildTable(table []entry, index uint, lengths []uint8, meaning []entry) error {
	var count [mostBits + 1]int
	for _, n := range lengths {
		count[n]++
	}
	longest, left := 0, 1
	for n := 1; n <= mostBits; n++ {
		if left = 2*left - count[n]; left < 0 {
			return errCode
		}
		if count[n] > 0 {
			longest = n
		}
	}
	if left > 0 && longest > 1 {
		return errCode
	}
	for i := range table {
		table[i] = isSpecial
	}
	fillTable(table, index, lengths, meaning, &count, longest)
	return nil
}

// fillTable counts through the codes, shortest first. The stream has a code with
// its first bit lowest.
func fillTable(table []entry, index uint, lengths []uint8, meaning []entry, count *[mostBits + 1]int, longest int) {
	var first [mostBits + 2]int // place of the first symbol of a length
	for n := 1; n <= mostBits; n++ {
		first[n+1] = first[n] + count[n]
	}
	var order [288]uint16
	at := first
	for s, n := range lengths {
		if n > 0 {
			order[at[n]] = uint16(s)
			at[n]++
		}
	}
	used, second, from, width := 1<<index, -1, 0, uint(0)
	code := 0
	for n := uint(1); n <= uint(longest); n++ {
		for _, s := range order[first[n]:first[n+1]] {
			turned := int(bits.Reverse16(uint16(code))) >> (16 - n)
			code++
			count[n]--
			if n <= index {
				spread(table[:1<<index], turned, n, meaning[s]|entry(n))
				continue
			}
			if prefix := turned & (1<<index - 1); prefix != second {
				second, from, width = prefix, used, secondIndex(n, index, count, longest)
				used += 1 << width
				table[prefix] = isSpecial | isTable | entry(from)<<valueShift | entry(width)<<extraShift | entry(index)
			}
			spread(table[from:from+1<<width], turned>>index, n-index, meaning[s]|entry(n-index))
		}
		code <<= 1
	}
}

// spread puts an entry wherever the low n bits of an index are those of a code.
func spread(table []entry, code int, n uint, e entry) {
	for i := code; i < len(table); i += 1 << n {
		table[i] = e
	}
}

// secondIndex is the width of a second table whose first code, of n bits, was
// just counted off: as wide as the codes to come that share its prefix.
func secondIndex(n, index uint, count *[mostBits + 1]int, longest int) uint {
	width := n - index
	left := 1<<width - 1 - count[n]
	for ; left > 0 && int(width+index) < longest; width++ {
		left = 2*left - count[width+index+1]
	}
	return width
}
