package shard

import (
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data/source"
)

// FuzzFile reads arbitrary bytes behind right checksums: what is accepted can be
// read, or is refused with a reason.
func FuzzFile(f *testing.F) {
	for _, o := range []Options{{}, {BlockRows: 3}, {BlockRows: 3, Zstd: 3}} {
		b := shardBytes(f, o, 8)
		e, err := decodeEnd(b[len(b)-endSize:], int64(len(b)))
		require.NoError(f, err)
		f.Add(b[:e.description], b[e.description:e.description+e.length], b[e.description+e.length:len(b)-endSize], e.blocks)
	}
	f.Fuzz(func(t *testing.T, blocks, text, table []byte, n int64) {
		e := end{description: int64(len(blocks)), length: int64(len(text)), blocks: n, descriptionSum: checksum(text), tableSum: checksum(table)}
		b := append(append(append(append([]byte(nil), blocks...), text...), table...), e.encode()...)
		if len(b) > headSize {
			copy(b, encodeHead())
		}
		s, err := fromBytes(b)
		if err != nil {
			return
		}
		rows := 0
		for _, r := range s.Extents() {
			require.Equal(t, rows, r.From)
			require.Positive(t, r.Len())
			rows = r.To
		}
		require.Equal(t, s.Rows(), rows)
		if small(s) {
			var c source.Columns
			_ = s.Read(&c, source.Range{To: rows})
		}
	})
}

// small says whether reading all rows takes little memory, which a shard of few
// bytes need not promise.
func small(s *Source) bool {
	total := int64(0)
	for _, at := range s.parts[0].file.table.sections {
		total += at.decoded
	}
	return total < 1<<20
}

// FuzzSection decodes arbitrary bytes as a section that was compressed.
func FuzzSection(f *testing.F) {
	z, err := zstd.NewWriter(nil)
	require.NoError(f, err)
	f.Add(z.EncodeAll([]byte("\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00abc"), nil), 2, 19)
	f.Add(z.EncodeAll(make([]byte, 24), nil), 3, 24)
	f.Fuzz(func(t *testing.T, frame []byte, rows, size int) {
		if rows < 0 || rows > 1000 || size < 8*rows || size > 1<<16 {
			return
		}
		section := make([]byte, size, size+1)
		section[:size+1][size] = 0xaa
		err := inflate(section, frame)
		require.EqualValues(t, 0xaa, section[:size+1][size], "nothing is written behind the end")
		if err != nil {
			require.ErrorIs(t, err, source.ErrCorrupt)
			return
		}
		fields := []source.Field{{Name: "b", Kind: source.Bytes}}
		var c source.Columns
		c.Reset(fields, rows)
		if err := splitStrings(&c, 0, section, rows, source.Range{To: rows}); err != nil {
			require.ErrorIs(t, err, source.ErrCorrupt)
			return
		}
		require.EqualValues(t, size-8*rows, c.Bytes(), "the strings are all there is")
	})
}
