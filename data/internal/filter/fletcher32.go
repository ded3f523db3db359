package filter

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// fletcher32 is filter 3: the last four bytes are a checksum of the others.
type fletcher32 struct{}

func (fletcher32) name() string    { return "fletcher32" }
func (fletcher32) grown(n int) int { return n + 4 }

func (fletcher32) decode(_, src []byte, _ *scratch) ([]byte, error) {
	n := len(src) - 4
	if n < 0 {
		return nil, fmt.Errorf("%d bytes do not hold a checksum", len(src))
	}
	stored, sum := binary.LittleEndian.Uint32(src[n:]), checksum(src[:n])
	// HDF5 1.6.2 and older summed in the byte order of the machine that wrote.
	if stored != sum && stored != swapHalves(sum) {
		return nil, fmt.Errorf("the checksum of %d bytes is %08x, not %08x as stored", n, sum, stored)
	}
	return src[:n], nil
}

// swapHalves exchanges the bytes of both halves of a checksum.
func swapHalves(x uint32) uint32 {
	return x&0x00ff00ff<<8 | x>>8&0x00ff00ff
}

// checksum is Fletcher's (IEEE Trans. Comm. 30, 1982, p. 247) as HDF5 has it:
// over big-endian 16-bit words, an odd byte being the high half of a last word;
// both sums modulo 65535, with 65535 standing for 0 unless all words are 0.
//
// Modulo 65535 = 2^16-1, to exchange the bytes of every word is to exchange the
// bytes of the sums. So little-endian words are summed, four at a time in two
// pairs of 32-bit lanes, and the result is turned at the end.
func checksum(b []byte) uint32 {
	const block = 8 * 360 // the second sums stay below 2^32: 65535·(1+…+360)
	var s1, s2 uint64
	for len(b) >= 8 {
		n := min(len(b), block) &^ 7
		t1, t2 := sumLanes(b[:n])
		s2 = fold(s2 + uint64(n/2)*s1 + t2)
		s1 = fold(s1 + t1)
		b = b[n:]
	}
	for ; len(b) >= 2; b = b[2:] {
		s1 += uint64(binary.LittleEndian.Uint16(b))
		s2 += s1
	}
	if len(b) == 1 {
		s1 += uint64(b[0]) // little-endian here, the high half when turned
		s2 += s1
	}
	return swapHalves(uint32(fold(s2)<<16 | fold(s1)))
}

// sumLanes returns the sum of the words of b, and the sum of all its partial
// sums. len(b) is a multiple of 8.
//
// Word 4k+j of 4m is in m-k of the partial sums that end with a lane's turn,
// four times over, less the j that lie before it.
func sumLanes(b []byte) (sum, sums uint64) {
	const lanes = 0x0000ffff0000ffff
	var even, odd, evens, odds uint64 // words 0 and 2, words 1 and 3
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		even += x & lanes
		odd += x >> 16 & lanes
		evens += even
		odds += odd
	}
	low := func(x uint64) uint64 { return x & 0xffffffff }
	w0, w1, w2, w3 := low(even), low(odd), even>>32, odd>>32
	all := low(evens) + low(odds) + evens>>32 + odds>>32
	return w0 + w1 + w2 + w3, 4*all - w1 - 2*w2 - 3*w3
}

// fold reduces x modulo 65535 to 1 … 65535, and 0 to 0.
func fold(x uint64) uint64 {
	for bits.Len64(x) > 16 {
		x = x&0xffff + x>>16
	}
	return x
}
