package filter

import (
	"errors"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// zstdFrames is filter 32015: frames of Zstandard (RFC 8878). A checksum is
// verified where there is one; the plugins do not write it.
type zstdFrames struct{}

// One decoder serves all: it takes as many calls at a time as there are cores,
// and writes no more than the capacity of the destination.
var zstdDecoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true))
})

func (zstdFrames) name() string    { return "zstd" }
func (zstdFrames) grown(n int) int { return compressed(n) }

func (zstdFrames) decode(dst, src []byte, _ *scratch) ([]byte, error) {
	d, err := zstdDecoder()
	if err != nil {
		return nil, err
	}
	out, err := d.DecodeAll(src, dst[:0:len(dst)])
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return nil, tooLong(len(dst))
	}
	return out, err
}
