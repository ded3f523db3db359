package idx

import (
	"encoding/binary"
	"fmt"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

// kinds are the types of elements by their number in the file.
var kinds = map[byte]source.Kind{
	8: source.Uint8, 9: source.Int8, 11: source.Int16, 12: source.Int32, 13: source.Float32, 14: source.Float64,
}

// mostAxes is one for the rows and eight of a row.
const mostAxes = 9

// header is what a file says of itself.
type header struct {
	kind  source.Kind
	shape []int // of all rows
	bytes int64 // where the elements begin
}

// readHeader reads and checks a header. Errors: source.ErrFormat, source.ErrShape,
// source.ErrCorrupt.
func readHeader(f *rawfile.File) (header, error) {
	var magic [4]byte
	if f.Size() < int64(len(magic)) {
		return header{}, fmt.Errorf("%s: %w: %d bytes are no IDX file", f.Path(), source.ErrFormat, f.Size())
	}
	if err := f.ReadAt(magic[:], 0); err != nil {
		return header{}, err
	}
	kind, known := kinds[magic[2]]
	axes := int(magic[3])
	if magic[0] != 0 || magic[1] != 0 || !known || axes == 0 || axes > mostAxes {
		return header{}, fmt.Errorf("%s: %w: an IDX file begins with two zeros, a type (8, 9, 11 to 14) and 1 to %d axes, not with % x", f.Path(), source.ErrFormat, mostAxes, magic)
	}
	lengths := make([]byte, 4*axes)
	if err := f.ReadAt(lengths, int64(len(magic))); err != nil {
		return header{}, err
	}
	h := header{kind: kind, bytes: int64(len(magic) + len(lengths))}
	for ; len(lengths) > 0; lengths = lengths[4:] {
		h.shape = append(h.shape, int(binary.BigEndian.Uint32(lengths)))
	}
	return h, h.check(f)
}

// check says whether the file is as large as the header declares.
func (h header) check(f *rawfile.File) error {
	n, err := source.Product(h.shape)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path(), err)
	}
	if declared, found := int64(n)*int64(h.kind.Size()), f.Size()-h.bytes; declared != found {
		return fmt.Errorf("%s: %w: its header declares %s %s, %d bytes, and %d follow", f.Path(), source.ErrCorrupt,
			h.kind, source.Tuple(h.shape), declared, found)
	}
	return nil
}
