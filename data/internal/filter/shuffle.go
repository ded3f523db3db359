package filter

import (
	"encoding/binary"
	"fmt"
)

// shuffle is filter 2: the first bytes of all elements, then the second bytes,
// and so on; what is left of a chunk after the last whole element is as it was.
// Its parameter is the size of an element.
type shuffle struct{ size int }

func newShuffle(params []uint32, elementBytes int) (shuffle, error) {
	if len(params) != 1 || int64(params[0]) != int64(elementBytes) {
		return shuffle{}, fmt.Errorf("shuffle: parameters %v, elements of %d bytes", params, elementBytes)
	}
	return shuffle{elementBytes}, nil
}

func (shuffle) name() string    { return "shuffle" }
func (shuffle) grown(n int) int { return n }

func (f shuffle) decode(dst, src []byte, _ *scratch) ([]byte, error) {
	if f.size == 1 || len(src) < 2*f.size {
		return src, nil
	}
	if len(src) > len(dst) {
		return nil, tooLong(len(dst))
	}
	dst = dst[:len(src)]
	n := len(src) / f.size
	done := 0
	switch f.size {
	case 2:
		done = unshuffle2(dst, src, n)
	case 4:
		done = unshuffle4(dst, src, n)
	case 8:
		done = unshuffle8(dst, src, n)
	}
	unshuffleFrom(done, dst, src, n, f.size)
	copy(dst[n*f.size:], src[n*f.size:])
	return dst, nil
}

// unshuffleFrom is the definition, for the elements from first on.
func unshuffleFrom(first int, dst, src []byte, n, size int) {
	for j := range size {
		plane := src[j*n : (j+1)*n]
		for i := first; i < n; i++ {
			dst[i*size+j] = plane[i]
		}
	}
}

// The functions below take eight bytes of each plane at a time and transpose
// them in registers, by exchanging halves of halves (Warren, Hacker's Delight,
// section 7-3). They return how many elements they have done.

const (
	lowBytes = 0x00ff00ff00ff00ff
	lowPairs = 0x0000ffff0000ffff
	lowFours = 0x00000000ffffffff
)

// bytes2 interleaves the even bytes of a and b, and the odd ones.
func bytes2(a, b uint64) (even, odd uint64) {
	return a&lowBytes | b&lowBytes<<8, a>>8&lowBytes | b&^lowBytes
}

// pairs2 does so with pairs of bytes.
func pairs2(a, b uint64) (even, odd uint64) {
	return a&lowPairs | b&lowPairs<<16, a>>16&lowPairs | b&^lowPairs
}

// fours2 does so with halves.
func fours2(a, b uint64) (low, high uint64) {
	return a&lowFours | b<<32, a>>32 | b&^lowFours
}

func unshuffle2(dst, src []byte, n int) int {
	le := binary.LittleEndian
	p0, p1 := src[:n], src[n:2*n]
	i := 0
	for ; i+8 <= n; i += 8 {
		even, odd := bytes2(le.Uint64(p0[i:]), le.Uint64(p1[i:])) // elements 0 2 4 6, 1 3 5 7
		e0, e1 := pairs2(even, odd)                               // 0 1 4 5, 2 3 6 7
		e0, e1 = fours2(e0, e1)
		d := dst[2*i : 2*i+16]
		le.PutUint64(d, e0)
		le.PutUint64(d[8:], e1)
	}
	return i
}

func unshuffle4(dst, src []byte, n int) int {
	le := binary.LittleEndian
	p0, p1, p2, p3 := src[:n], src[n:2*n], src[2*n:3*n], src[3*n:4*n]
	i := 0
	for ; i+8 <= n; i += 8 {
		a0, a1 := bytes2(le.Uint64(p0[i:]), le.Uint64(p1[i:]))
		b0, b1 := bytes2(le.Uint64(p2[i:]), le.Uint64(p3[i:]))
		e04, e26 := pairs2(a0, b0)
		e15, e37 := pairs2(a1, b1)
		e01, e45 := fours2(e04, e15)
		e23, e67 := fours2(e26, e37)
		d := dst[4*i : 4*i+32]
		le.PutUint64(d, e01)
		le.PutUint64(d[8:], e23)
		le.PutUint64(d[16:], e45)
		le.PutUint64(d[24:], e67)
	}
	return i
}

func unshuffle8(dst, src []byte, n int) int {
	le := binary.LittleEndian
	i := 0
	for ; i+8 <= n; i += 8 {
		s := src[i:]
		a0, a1 := bytes2(le.Uint64(s), le.Uint64(s[n:]))
		b0, b1 := bytes2(le.Uint64(s[2*n:]), le.Uint64(s[3*n:]))
		c0, c1 := bytes2(le.Uint64(s[4*n:]), le.Uint64(s[5*n:]))
		d0, d1 := bytes2(le.Uint64(s[6*n:]), le.Uint64(s[7*n:]))
		a0, b0 = pairs2(a0, b0) // bytes 0-3 of elements 0 4, 2 6
		a1, b1 = pairs2(a1, b1) // of 1 5, 3 7
		c0, d0 = pairs2(c0, d0) // bytes 4-7
		c1, d1 = pairs2(c1, d1)
		d := dst[8*i : 8*i+64]
		put2(d, 0, 4, a0, c0)
		put2(d, 1, 5, a1, c1)
		put2(d, 2, 6, b0, d0)
		put2(d, 3, 7, b1, d1)
	}
	return i
}

// put2 stores two elements of eight bytes, of which low holds the first four
// bytes of both and high the last four.
func put2(d []byte, i, j int, low, high uint64) {
	x, y := fours2(low, high)
	binary.LittleEndian.PutUint64(d[8*i:], x)
	binary.LittleEndian.PutUint64(d[8*j:], y)
}
