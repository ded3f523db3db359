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
	unshuffle(dst, src, n, f.size)
	copy(dst[n*f.size:], src[n*f.size:])
	return dst, nil
}

// unshuffle puts the n elements of src together.
func unshuffle(dst, src []byte, n, size int) {
	done := 0
	switch size {
	case 1:
		done = copy(dst[:n], src)
	case 2:
		done = unshuffle2(dst, src, n)
	case 4:
		done = unshuffle4(dst, src, n)
	case 8:
		done = unshuffle8(dst, src, n)
	}
	unshuffleFrom(done, dst, src, n, size)
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
// them in registers, by exchanging bytes, pairs and fours between words (Warren,
// Hacker's Delight, section 7-3). They return how many elements they have done.

const (
	lowBytes = 0x00ff00ff00ff00ff
	lowPairs = 0x0000ffff0000ffff
	lowFours = 0x00000000ffffffff
)

// exchange swaps the fields of a above mask, shift bits up, with those of b under
// mask: of bytes, it returns the even ones of a and b in turn, and the odd ones.
func exchange(a, b uint64, shift uint, mask uint64) (even, odd uint64) {
	t := (a>>shift ^ b) & mask
	return a ^ t<<shift, b ^ t
}

func unshuffle2(dst, src []byte, n int) int {
	le := binary.LittleEndian
	p0, p1 := src[:n], src[n:2*n]
	i := 0
	for ; i+8 <= n; i += 8 {
		a, b := exchange(le.Uint64(p0[i:]), le.Uint64(p1[i:]), 8, lowBytes) // elements 0 2 4 6, 1 3 5 7
		a, b = exchange(a, b, 16, lowPairs)                                 // 0 1 4 5, 2 3 6 7
		a, b = exchange(a, b, 32, lowFours)
		d := dst[2*i : 2*i+16]
		le.PutUint64(d, a)
		le.PutUint64(d[8:], b)
	}
	return i
}

func unshuffle4(dst, src []byte, n int) int {
	le := binary.LittleEndian
	p0, p1, p2, p3 := src[:n], src[n:2*n], src[2*n:3*n], src[3*n:4*n]
	i := 0
	for ; i+8 <= n; i += 8 {
		a0, a1 := exchange(le.Uint64(p0[i:]), le.Uint64(p1[i:]), 8, lowBytes)
		b0, b1 := exchange(le.Uint64(p2[i:]), le.Uint64(p3[i:]), 8, lowBytes)
		e04, e26 := exchange(a0, b0, 16, lowPairs)
		e15, e37 := exchange(a1, b1, 16, lowPairs)
		e01, e45 := exchange(e04, e15, 32, lowFours)
		e23, e67 := exchange(e26, e37, 32, lowFours)
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
		a, b, c, d, e, f, g, h := transposeBytes(
			le.Uint64(s), le.Uint64(s[n:]), le.Uint64(s[2*n:]), le.Uint64(s[3*n:]),
			le.Uint64(s[4*n:]), le.Uint64(s[5*n:]), le.Uint64(s[6*n:]), le.Uint64(s[7*n:]))
		put8(dst[8*i:], a, b, c, d, e, f, g, h)
	}
	return i
}

func put8(dst []byte, a, b, c, d, e, f, g, h uint64) {
	le := binary.LittleEndian
	dst = dst[:64]
	le.PutUint64(dst, a)
	le.PutUint64(dst[8:], b)
	le.PutUint64(dst[16:], c)
	le.PutUint64(dst[24:], d)
	le.PutUint64(dst[32:], e)
	le.PutUint64(dst[40:], f)
	le.PutUint64(dst[48:], g)
	le.PutUint64(dst[56:], h)
}

// transposeBytes exchanges byte c of word r with byte r of word c. The words are
// arguments, not an array, to stay in registers.
func transposeBytes(a, b, c, d, e, f, g, h uint64) (_, _, _, _, _, _, _, _ uint64) {
	a, b = exchange(a, b, 8, lowBytes)
	c, d = exchange(c, d, 8, lowBytes)
	e, f = exchange(e, f, 8, lowBytes)
	g, h = exchange(g, h, 8, lowBytes)
	a, c = exchange(a, c, 16, lowPairs)
	b, d = exchange(b, d, 16, lowPairs)
	e, g = exchange(e, g, 16, lowPairs)
	f, h = exchange(f, h, 16, lowPairs)
	a, e = exchange(a, e, 32, lowFours)
	b, f = exchange(b, f, 32, lowFours)
	c, g = exchange(c, g, 32, lowFours)
	d, h = exchange(d, h, 32, lowFours)
	return a, b, c, d, e, f, g, h
}
