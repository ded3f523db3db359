package shard

import (
	"encoding/binary"
	"fmt"
	"math"
	"sort"

	"github.com/cascade-hpc/cascade/data/source"
)

// section is where the rows of one field in one block are.
type section struct {
	at      int64 // offset in the file
	stored  int64 // bytes there
	decoded int64 // bytes when decoded
	sum     uint32
	coding  coding
}

// coding is how a section is stored.
type coding uint32

const (
	plain coding = iota
	zstandard
)

// table lists the blocks of a shard.
type table struct {
	ends     []int     // the row behind each block
	sections []section // of all fields of the first block, of the second …
	fields   int
}

func recordSize(fields int) int64 { return 8 + 24*int64(fields) }

// appendRecord adds the record of a block.
func appendRecord(b []byte, rows int, sections []section) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(rows))
	for _, s := range sections {
		b = binary.LittleEndian.AppendUint64(b, uint64(s.stored))
		b = binary.LittleEndian.AppendUint64(b, uint64(s.decoded))
		b = binary.LittleEndian.AppendUint32(b, s.sum)
		b = binary.LittleEndian.AppendUint32(b, uint32(s.coding))
	}
	return b
}

// parseTable reads the records of all blocks, whose sections must fill the file
// from its head to byte to, where the description begins. Errors:
// source.ErrCorrupt.
func parseTable(b []byte, d description, to int64) (table, error) {
	size := int(recordSize(len(d.fields)))
	blocks := len(b) / size
	t := table{fields: len(d.fields), ends: make([]int, 0, blocks), sections: make([]section, 0, blocks*len(d.fields))}
	at, rows := int64(headSize), 0
	for k := range blocks {
		record := b[k*size:]
		n := binary.LittleEndian.Uint64(record)
		if n < 1 || n > uint64(d.rows-rows) {
			return table{}, fmt.Errorf("%w: block %d has %d rows; %d of %d are left", source.ErrCorrupt, k, n, d.rows-rows, d.rows)
		}
		for i, f := range d.fields {
			s, err := parseSection(record[8+24*i:], f, int(n))
			if s.at = aligned(at); err == nil && s.stored > to-s.at {
				err = fmt.Errorf("%d bytes at byte %d, where blocks end at %d", s.stored, s.at, to)
			}
			if err != nil {
				return table{}, fmt.Errorf("%w: block %d, field %q: %w", source.ErrCorrupt, k, f.Name, err)
			}
			t.sections = append(t.sections, s)
			at = s.at + s.stored
		}
		rows += int(n)
		t.ends = append(t.ends, rows)
	}
	if rows != d.rows || aligned(at) != to {
		return table{}, fmt.Errorf("%w: %d blocks have %d rows and end at byte %d, for %d rows that end at %d", source.ErrCorrupt, blocks, rows, at, d.rows, to)
	}
	return t, nil
}

// parseSection checks what can be known of a section before it is read.
func parseSection(b []byte, f source.Field, rows int) (section, error) {
	stored, decoded := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	s := section{
		stored: int64(stored), decoded: int64(decoded),
		sum: binary.LittleEndian.Uint32(b[16:]), coding: coding(binary.LittleEndian.Uint32(b[20:])),
	}
	want, ok := sectionBytes(f, rows)
	switch {
	case decoded > maxSection || !ok:
		return s, fmt.Errorf("%d rows of %s take %d bytes; at most 1 GiB can be read", rows, f, decoded)
	case f.Kind == source.Bytes && s.decoded < want, f.Kind != source.Bytes && s.decoded != want:
		return s, fmt.Errorf("%d bytes for %d rows of %s, which take %d", s.decoded, rows, f, want)
	case s.coding > zstandard:
		return s, fmt.Errorf("coding %d is unknown", s.coding)
	case s.coding == plain && stored != decoded, stored > math.MaxInt64:
		return s, fmt.Errorf("%d bytes hold %d", stored, decoded)
	}
	return s, nil
}

// sectionBytes is what rows of a field take when decoded, for a field of bytes
// at least; false if that is more than maxSection.
func sectionBytes(f source.Field, rows int) (int64, bool) {
	row := int64(f.RowBytes())
	if f.Kind == source.Bytes {
		row = 8
	}
	return row * int64(rows), int64(rows) <= maxSection/row
}

// find is the block that holds a row.
func (t table) find(row int) int {
	return sort.Search(len(t.ends), func(k int) bool { return t.ends[k] > row })
}

// block is the rows of block k.
func (t table) block(k int) source.Range {
	if k == 0 {
		return source.Range{To: t.ends[0]}
	}
	return source.Range{From: t.ends[k-1], To: t.ends[k]}
}

func (t table) section(block, field int) section { return t.sections[block*t.fields+field] }
