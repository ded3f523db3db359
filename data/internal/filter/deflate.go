package filter

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// deflate is filter 1, gzip: a zlib stream (RFC 1950), whose Adler-32 checksum
// is verified. Bytes after its end are ignored, as libhdf5 does.
//
// The decoder is our own because it may be: a chunk lies whole in memory and so
// does what becomes of it, where a decoder of streams keeps a window and copies
// from there. It is twice as fast.
type deflate struct{}

func (deflate) name() string    { return "gzip" }
func (deflate) grown(n int) int { return compressed(n) }

func (deflate) decode(dst, src []byte, s *scratch) ([]byte, error) {
	const method, presetDictionary = 8, 0x20
	if len(src) < 2 {
		return nil, io.ErrUnexpectedEOF
	}
	if binary.BigEndian.Uint16(src)%31 != 0 || src[0]&15 != method || src[0]>>4 > 7 || src[1]&presetDictionary != 0 {
		return nil, errors.New("not a zlib stream")
	}
	n, read, err := s.inflate.inflate(dst, src[2:])
	if err != nil {
		return nil, fmt.Errorf("after %d bytes: %w", n, err)
	}
	rest := src[2+read:]
	if len(rest) < 4 {
		return nil, fmt.Errorf("after %d bytes: %w", n, io.ErrUnexpectedEOF)
	}
	if stored, sum := binary.BigEndian.Uint32(rest), adler32(dst[:n]); stored != sum {
		return nil, fmt.Errorf("the checksum of %d bytes is %08x, not %08x as stored", n, sum, stored)
	}
	return dst[:n], nil
}
