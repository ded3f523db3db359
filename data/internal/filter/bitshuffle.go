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
		unshuffleBits(rest, bits, n, f.size)
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
	if cap(s.block) < n {
		s.block = make([]byte, n)
	}
	bits = s.block[:n]
	if f.compressor == bitshuffleLZ4 {
		return bits, after, lz4Block(bits, from)
	}
	out, err := zstdFrames{}.decode(bits, from, s)
	if err == nil && len(out) != n {
		err = errors.New("a block of the wrong size")
	}
	return bits, after, err
}

// unshuffleBits undoes the transposition of n elements. Row 8j+k of src has bit
// k of byte j of every element, a byte for eight elements, the first lowest.
func unshuffleBits(dst, src []byte, n, size int) {
	row := n / 8
	for j := range size {
		rows := src[8*j*row:]
		for i := range row {
			x := uint64(rows[i]) | uint64(rows[row+i])<<8 | uint64(rows[2*row+i])<<16 | uint64(rows[3*row+i])<<24 |
				uint64(rows[4*row+i])<<32 | uint64(rows[5*row+i])<<40 | uint64(rows[6*row+i])<<48 | uint64(rows[7*row+i])<<56
			x = transposeBits(x)
			at := dst[8*i*size+j:]
			for e := range 8 {
				at[e*size] = byte(x >> (8 * e))
			}
		}
	}
}

// transposeBits exchanges bit r of byte c with bit c of byte r (Hacker's
// Delight, section 7-3).
func transposeBits(x uint64) uint64 {
	for _, s := range [...]struct {
		shift int
		mask  uint64
	}{{7, 0x00aa00aa00aa00aa}, {14, 0x0000cccc0000cccc}, {28, 0x00000000f0f0f0f0}} {
		t := (x ^ x>>s.shift) & s.mask
		x ^= t ^ t<<s.shift
	}
	return x
}
