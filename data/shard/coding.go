package shard

import (
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/cascade-hpc/cascade/data/source"
)

// encoder compresses sections, or leaves them.
type encoder struct {
	zstd *zstd.Encoder // nil at level 0
	buf  []byte
}

func newEncoder(level int) (*encoder, error) {
	if level == 0 {
		return &encoder{}, nil
	}
	// The sections have a checksum already.
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)),
		zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	return &encoder{zstd: z}, err
}

// encode returns a section as it is stored, valid until the next call. What does
// not become smaller stays as it is.
func (e *encoder) encode(raw []byte) ([]byte, coding) {
	if e.zstd == nil {
		return raw, plain
	}
	e.buf = e.zstd.EncodeAll(raw, e.buf[:0])
	if len(e.buf) >= len(raw) {
		return raw, plain
	}
	return e.buf, zstandard
}

// decoder is shared: it keeps a state for each processor.
var decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxMemory(maxSection))
})

// inflate fills dst with what a frame of Zstandard holds, which must be as much.
func inflate(dst, frame []byte) error {
	z, err := decoder()
	if err != nil {
		return err
	}
	out, err := z.DecodeAll(frame, dst[:0:len(dst)])
	switch {
	case err != nil:
		return fmt.Errorf("%w: Zstandard: %w", source.ErrCorrupt, err)
	case len(out) != len(dst):
		return fmt.Errorf("%w: Zstandard: %d bytes where %d are expected", source.ErrCorrupt, len(out), len(dst))
	}
	return nil
}

// splitStrings appends to a field of Bytes some of the rows that a decoded
// section holds: rows counts within the section, of total rows.
func splitStrings(dst *source.Columns, field int, section []byte, total int, rows source.Range) error {
	ends, text := section[:8*total], section[8*total:]
	from := uint64(0)
	for i := range total {
		to := binary.LittleEndian.Uint64(ends[8*i:])
		if to < from || to > uint64(len(text)) {
			return fmt.Errorf("%w: row %d of the block is bytes [%d, %d) of %d", source.ErrCorrupt, i, from, to, len(text))
		}
		if i >= rows.From && i < rows.To {
			dst.Append(field, text[from:to])
		}
		from = to
	}
	if from != uint64(len(text)) {
		return fmt.Errorf("%w: the rows of the block end at byte %d of %d", source.ErrCorrupt, from, len(text))
	}
	return nil
}
