package tfrecord

import (
	"encoding/binary"
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// filler puts the values of a feature into the memory of a row. It is reset by
// assignment.
type filler struct {
	field source.Field
	row   []byte // of a field that is not of Bytes
	list  list   // what the values are, 0 before there are any
	n     int    // values so far
	str   []byte // the string of a field of Bytes
}

func (f *filler) begin(l list) error {
	if l != f.list {
		f.list, f.n = l, 0
	}
	switch {
	case l == floatList && f.field.Kind != source.Float32:
		return fmt.Errorf("%w: it is %s, which become float32, not %s", source.ErrType, l, f.field.Kind)
	case l == int64List && f.field.Kind != source.Int64:
		return fmt.Errorf("%w: it is %s, which become int64, not %s", source.ErrType, l, f.field.Kind)
	}
	return nil
}

func (f *filler) text(b []byte) error {
	if f.n++; f.n > 1 {
		return fmt.Errorf("%w: it has several strings, and a row one", source.ErrShape)
	}
	if f.field.Kind == source.Bytes {
		f.str = b
		return nil
	}
	if len(b) != len(f.row) {
		return fmt.Errorf("%w: its string has %d bytes, and %v has %d", source.ErrShape, len(b), f.field, len(f.row))
	}
	copy(f.row, b)
	if !source.LittleEndian {
		source.SwapBytes(f.row, f.field.Kind.Size())
	}
	return nil
}

func (f *filler) float32s(b []byte) error {
	at := 4 * f.n
	if f.n += len(b) / 4; f.n > len(f.row)/4 {
		return f.miscounted()
	}
	copy(f.row[at:], b)
	if !source.LittleEndian {
		source.SwapBytes(f.row[at:at+len(b)], 4)
	}
	return nil
}

func (f *filler) int64s(v uint64) error {
	at := 8 * f.n
	if f.n++; f.n > len(f.row)/8 {
		return f.miscounted()
	}
	binary.NativeEndian.PutUint64(f.row[at:], v)
	return nil
}

func (f *filler) miscounted() error {
	return fmt.Errorf("%w: it has %d values or more, and %v has %d", source.ErrShape, f.n, f.field, f.field.Size())
}

// done says whether the row is full.
func (f *filler) done() error {
	switch {
	case f.list == 0:
		return fmt.Errorf("%w: it is empty, and %v is not", source.ErrShape, f.field)
	case f.list == bytesList && f.n == 0:
		return fmt.Errorf("%w: it has no string, and %v needs one", source.ErrShape, f.field)
	case f.list != bytesList && f.n < f.field.Size():
		return fmt.Errorf("%w: it has %d values, and %v has %d", source.ErrShape, f.n, f.field, f.field.Size())
	}
	return nil
}
