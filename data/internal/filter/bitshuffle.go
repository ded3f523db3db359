package filter

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// bitshuffle is filter 32008 (Masui et al., Astronomy and Computing 12, 2015,
// p. 181): within a block of elements, the first bits of all, then the second
// bits, and so on. A block is a multiple of eight elements; fewer than eight
// that are left over stay as they were. With a compressor, the chunk begins as
// that of lz4 does, and each block is compressed by itself.
//
// Its parameters are two of the version, the bytes of an element, the elements
// of a block (0: as many as the format says), and the compressor.
type bitshuffle struct {
	size       int // bytes of an element
	block      int // elements
	compressor uint32
}

// The compressors of bitshuffle.
const (
	bitshufflePlain = 0
	bitshuffleLZ4   = 2
	bitshuffleZstd  = 3
)

func newBitshuffle(params []uint32, elementBytes int) (bitshuffle, error) {
	p := [5]uint32{2: uint32(elementBytes)}
	copy(p[:], params)
	f := bitshuffle{size: elementBytes, block: int(p[3]), compressor: p[4]}
	switch {
	case len(params) < 3 || int64(p[2]) != int64(elementBytes) || f.block%8 != 0:
		return f, fmt.Errorf("bitshuffle: parameters %v, elements of %d bytes", params, elementBytes)
	case f.compressor != bitshufflePlain && f.compressor != bitshuffleLZ4 && f.compressor != bitshuffleZstd:
		return f, fmt.Errorf("%w: bitshuffle with compressor %d", ErrUnsupported, f.compressor)
	}
	if f.block == 0 { // near 8 KiB, and no fewer than 128
		f.block = max(8192/f.size/8*8, 128)
	}
	return f, nil
}

func (bitshuffle) name() string { return "bitshuffle" }

func (f bitshuffle) grown(n int) int {
	if f.compressor == bitshufflePlain {
		return n
	}
	return compressed(n)
}

func (f bitshuffle) decode(dst, src []byte, s *scratch) ([]byte, error) {
	if f.compressor == bitshufflePlain {
		if len(src) > len(dst) {
			return nil, tooLong(len(dst))
		}
		return f.undo(dst[:len(src)], src, f.block, s)
	}
	if len(src) < 12 {
		return nil, fmt.Errorf("%d bytes do not hold its header", len(src))
	}
	total, block := binary.BigEndian.Uint64(src), int(binary.BigEndian.Uint32(src[8:]))
	if total > uint64(len(dst)) {
		return nil, tooLong(len(dst))
	}
	if block == 0 || block%(8*f.size) != 0 {
		return nil, fmt.Errorf("blocks of %d bytes, of elements of %d", block, f.size)
	}
	return f.undo(dst[:total], src[12:], block/f.size, s)
}

// undo fills dst block by block.
func (f bitshuffle) undo(dst, src []byte, block int, s *scratch) ([]byte, error) {
	if len(dst)%f.size != 0 {
		return nil, fmt.Errorf("%d bytes, of elements of %d", len(dst), f.size)
	}
	rest := dst
	for len(rest) >= 8*f.size {
		n := min(block, len(rest)/f.size/8*8)
		bits, after, err := f.next(n*f.size, src, s)
		if err != nil {
			return nil, err
		}
		unshuffleBits(rest, bits, room(&s.planes, n*f.size), n, f.size)
		rest, src = rest[n*f.size:], after
	}
	if len(src) < len(rest) {
		return nil, errCut
	}
	copy(rest, src)
	return dst, nil
}

// next returns the n shuffled bytes of a block, and what follows it in src.
func (f bitshuffle) next(n int, src []byte, s *scratch) (bits, after []byte, err error) {
	if f.compressor == bitshufflePlain {
		if len(src) < n {
			return nil, nil, errCut
		}
		return src[:n], src[n:], nil
	}
	from, after, err := sized(src)
	if err != nil {
		return nil, nil, err
	}
	bits = room(&s.bits, n)
	if f.compressor == bitshuffleLZ4 {
		return bits, after, lz4Block(bits, from)
	}
	out, err := zstdFrames{}.decode(bits, from, s)
	if err == nil && len(out) != n {
		err = errors.New("a block of the wrong size")
	}
	return bits, after, err
}

// unshuffleBits undoes the transposition of n elements, by way of planes, which
// has room for a byte of each element. Row 8j+k of src has bit k of byte j of
// every element: a byte for eight elements, the first lowest.
func unshuffleBits(dst, src, planes []byte, n, size int) {
	le := binary.LittleEndian
	row := n / 8
	for j := range size {
		rows, plane := src[8*j*row:8*(j+1)*row], planes[j*n:(j+1)*n]
		i := 0
		for ; i+8 <= row; i += 8 {
			r := rows[i:]
			a, b, c, d, e, f, g, h := transposeBytes(transposeBits(
				le.Uint64(r), le.Uint64(r[row:]), le.Uint64(r[2*row:]), le.Uint64(r[3*row:]),
				le.Uint64(r[4*row:]), le.Uint64(r[5*row:]), le.Uint64(r[6*row:]), le.Uint64(r[7*row:])))
			put8(plane[8*i:], a, b, c, d, e, f, g, h)
		}
		for ; i < row; i++ {
			for e := range 8 {
				var x byte
				for k := range 8 {
					x |= rows[k*row+i] >> e & 1 << k
				}
				plane[8*i+e] = x
			}
		}
	}
	unshuffle(dst, planes, n, size)
}

// transposeBits exchanges, in each column of bytes, bit c of word r with bit r of
// word c.
func transposeBits(a, b, c, d, e, f, g, h uint64) (_, _, _, _, _, _, _, _ uint64) {
	const (
		lowOnes = 0x5555555555555555
		lowTwos = 0x3333333333333333
		lowHalf = 0x0f0f0f0f0f0f0f0f
	)
	a, b = exchange(a, b, 1, lowOnes)
	c, d = exchange(c, d, 1, lowOnes)
	e, f = exchange(e, f, 1, lowOnes)
	g, h = exchange(g, h, 1, lowOnes)
	a, c = exchange(a, c, 2, lowTwos)
	b, d = exchange(b, d, 2, lowTwos)
	e, g = exchange(e, g, 2, lowTwos)
	f, h = exchange(f, h, 2, lowTwos)
	a, e = exchange(a, e, 4, lowHalf)
	b, f = exchange(b, f, 4, lowHalf)
	c, g = exchange(c, g, 4, lowHalf)
	d, h = exchange(d, h, 4, lowHalf)
	return a, b, c, d, e, f, g, h
}
