package hdf5

import (
	"fmt"
	"math/bits"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// elementType is how elements of a kind are stored.
func elementType(k source.Kind) h5.Type {
	switch k {
	case source.Bytes:
		return h5.Type{Class: h5.VarLen}
	case source.Float16:
		return h5.Type{Class: h5.Float, Size: 2, Exponent: 5, Mantissa: 10}
	case source.BFloat16:
		return h5.Type{Class: h5.Float, Size: 2, Exponent: 8, Mantissa: 7}
	case source.Float32, source.Float64:
		return h5.Type{Class: h5.Float, Size: k.Size()}
	}
	return h5.Type{Class: h5.Integer, Size: k.Size(), Signed: k <= source.Int64}
}

// referenceBytes is what a chunk holds of a row of bytes: the row's length and
// where it is.
const referenceBytes = 16

// storage chooses the chunks and filters of a data set.
func (o Options) storage(f source.Field) (h5.Storage, error) {
	row := f.RowBytes()
	s := h5.Storage{Gzip: o.Gzip, Shuffle: o.Shuffle, Fletcher32: !o.NoChecksum}
	if f.Kind == source.Bytes {
		row, s = referenceBytes, h5.Storage{} // HDF5 has no filters for references
	}
	rows := o.chunkRows(row)
	s.Chunk = []uint64{uint64(rows)}
	for _, n := range f.Shape {
		s.Chunk = append(s.Chunk, uint64(n))
	}
	if len(s.Chunk) > maxRank || float64(rows)*float64(row) > maxChunk {
		return s, fmt.Errorf("%w: %d axes (at most %d), chunks of %d rows %s (at most 1 GiB)", source.ErrShape, len(s.Chunk), maxRank, rows, source.Tuple(f.Shape))
	}
	return s, nil
}

// chunkRows keeps a chunk near a mebibyte. Showers of 62.5 kB with Fletcher32 were
// read at 5.1 GB/s in chunks of an eighth of it, at 5.9 GB/s in chunks of one, and
// no faster in larger ones, compressed or not; larger ones make a row at random
// dearer.
func (o Options) chunkRows(rowBytes int) int {
	if o.ChunkRows > 0 {
		return o.ChunkRows
	}
	rows := min(max((1<<20)/rowBytes, 1), 1024)
	return 1 << (bits.Len(uint(rows)) - 1)
}
