package filter

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/pierrec/lz4/v4"
)

// lz4Blocks is filter 32004. Sizes are big-endian: the bytes when decoded (8),
// the bytes of a block when decoded (4); then for each block its bytes as
// stored (4) and an LZ4 block of that size. A block that did not become smaller
// is stored as it was. The last block may be shorter than the others.
type lz4Blocks struct{}

var errCut = errors.New("it ends within a block")

func (lz4Blocks) name() string    { return "lz4" }
func (lz4Blocks) grown(n int) int { return compressed(n) }

func (lz4Blocks) decode(dst, src []byte, _ *scratch) ([]byte, error) {
	if len(src) < 12 {
		return nil, fmt.Errorf("%d bytes do not hold its header", len(src))
	}
	total, block := binary.BigEndian.Uint64(src), int(binary.BigEndian.Uint32(src[8:]))
	if total > uint64(len(dst)) {
		return nil, tooLong(len(dst))
	}
	if block == 0 && total > 0 {
		return nil, errors.New("its blocks are empty")
	}
	dst, src = dst[:total], src[12:]
	for n := 0; n < len(dst); n += block {
		to := dst[n:min(n+block, len(dst))]
		from, rest, err := sized(src)
		if err != nil {
			return nil, err
		}
		src = rest
		if len(from) == len(to) {
			copy(to, from)
		} else if err := lz4Block(to, from); err != nil {
			return nil, fmt.Errorf("block at %d: %w", n, err)
		}
	}
	return dst, nil
}

// sized splits off the bytes whose number is in the first four.
func sized(src []byte) (data, rest []byte, err error) {
	if len(src) < 4 {
		return nil, nil, errCut
	}
	n := binary.BigEndian.Uint32(src)
	if src = src[4:]; uint64(n) > uint64(len(src)) {
		return nil, nil, errCut
	}
	return src[:n], src[n:], nil
}

// lz4Block decodes a block that must fill dst.
func lz4Block(dst, src []byte) error {
	n, err := lz4.UncompressBlock(src, dst)
	if err == nil && n != len(dst) {
		err = fmt.Errorf("it decodes to %d bytes, not %d", n, len(dst))
	}
	return err
}
