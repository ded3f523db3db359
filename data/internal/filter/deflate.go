package filter

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// deflate is filter 1, gzip: a zlib stream (RFC 1950), whose Adler-32 checksum
// is verified. Bytes after its end are ignored, as libhdf5 does.
type deflate struct{}

// inflater is a zlib reader that is used again.
type inflater struct {
	src  bytes.Reader
	zlib io.ReadCloser
	more [1]byte
}

func (deflate) name() string    { return "gzip" }
func (deflate) grown(n int) int { return compressed(n) }

func (deflate) decode(dst, src []byte, s *scratch) ([]byte, error) {
	z := &s.inflate
	defer z.src.Reset(nil) // a pooled reader must not keep the chunk
	if err := z.reset(src); err != nil {
		return nil, err
	}
	for n := 0; ; {
		to := dst[n:]
		if len(to) == 0 {
			to = z.more[:] // the checksum is read with the end, which must come now
		}
		k, err := z.zlib.Read(to)
		if n += k; n > len(dst) {
			return nil, tooLong(len(dst))
		}
		if errors.Is(err, io.EOF) {
			return dst[:n], nil
		}
		if err != nil {
			return nil, fmt.Errorf("after %d bytes: %w", n, err)
		}
	}
}

func (z *inflater) reset(src []byte) (err error) {
	z.src.Reset(src)
	if z.zlib == nil {
		z.zlib, err = zlib.NewReader(&z.src)
		return err
	}
	return z.zlib.(zlib.Resetter).Reset(&z.src, nil)
}
