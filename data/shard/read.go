package shard

import (
	"fmt"
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
)

// scratch is memory for sections that cannot be read straight into place; kept,
// so that reading does not allocate.
type scratch struct{ stored, decoded []byte }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// sized is b with n bytes.
func sized(b []byte, n int64) []byte {
	if int64(cap(b)) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// want is what is to be read of a file: rows of column, to be stored as field of
// dst from row at on.
type want struct {
	dst       *source.Columns
	field, at int
	column    int
	rows      source.Range
}

// read fills in what is wanted, block after block.
func (f *File) read(w want) error {
	t := scratches.Get().(*scratch)
	defer scratches.Put(t)
	for k := f.table.find(w.rows.From); w.rows.Len() > 0; k++ {
		block := f.table.block(k)
		part := w
		part.rows.To = min(w.rows.To, block.To)
		if err := f.readBlock(k, part, t); err != nil {
			return fmt.Errorf("shard: %s: field %q, rows [%d, %d): %w", f.raw.Path(), f.description.fields[w.column].Name, block.From, block.To, err)
		}
		w.at += part.rows.Len()
		w.rows.From = part.rows.To
	}
	return nil
}

// readBlock reads rows of block k. A section is always read whole: its checksum
// is of all of it.
func (f *File) readBlock(k int, w want, t *scratch) error {
	s, block := f.table.section(k, w.column), f.table.block(k)
	field := f.description.fields[w.column]
	var place []byte // of the rows in dst
	if size := field.RowBytes(); size > 0 {
		place = w.dst.All(w.field)[w.at*size : (w.at+w.rows.Len())*size]
	}
	whole := field.Kind != source.Bytes && w.rows == block
	stored := place
	if !whole || s.coding != plain {
		t.stored = sized(t.stored, s.stored)
		stored = t.stored
	}
	if err := f.raw.ReadAt(stored, s.at); err != nil {
		return err
	}
	start := time.Now()
	if err := checkSum(stored, s.at, s.sum); err != nil {
		return err
	}
	if err := f.decode(k, w, t, stored, place, whole); err != nil {
		return err
	}
	f.raw.Decoded(int(s.decoded), time.Since(start))
	return nil
}

// decode brings the rows that are wanted from a section as stored into dst, of
// which place is their memory.
func (f *File) decode(k int, w want, t *scratch, stored, place []byte, whole bool) error {
	s, block := f.table.section(k, w.column), f.table.block(k)
	field := f.description.fields[w.column]
	section := stored
	if s.coding == zstandard {
		section = place
		if !whole {
			t.decoded = sized(t.decoded, s.decoded)
			section = t.decoded
		}
		if err := inflate(section, stored); err != nil {
			return err
		}
	}
	first := w.rows.From - block.From
	if field.Kind == source.Bytes {
		return splitStrings(w.dst, w.field, section, block.Len(), source.Range{From: first, To: first + w.rows.Len()})
	}
	if !whole {
		copy(place, section[first*field.RowBytes():])
	}
	if !source.LittleEndian {
		source.SwapBytes(place, field.Kind.Size())
	}
	return nil
}
