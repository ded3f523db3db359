package shard

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

// Is says whether a file begins as shards do. Errors: those of os.Open,
// source.ErrFormat if it is no regular file.
func Is(path string) (bool, error) {
	if err := source.CheckRegular(path); err != nil {
		return false, fmt.Errorf("shard: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("shard: %w", err)
	}
	defer file.Close()
	var head [len(Magic)]byte
	_, err = io.ReadFull(file, head[:])
	return err == nil && string(head[:]) == Magic, nil
}

// File is a shard open for reading. Its methods may be called by several
// goroutines.
type File struct {
	raw         *rawfile.File
	description description
	table       table
}

// OpenFile opens a shard and reads what it says of its rows, not the rows.
// Errors: those of os.Open, source.ErrFormat, source.ErrCorrupt.
func OpenFile(path string) (*File, error) {
	raw, err := rawfile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("shard: %w", err)
	}
	f := &File{raw: raw}
	if err := f.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("shard: %s: %w", path, err), raw.Close())
	}
	return f, nil
}

// load reads all but the blocks.
func (f *File) load() error {
	size := f.raw.Size()
	head := make([]byte, headSize)
	if size < headSize {
		return fmt.Errorf("%w: it has %d bytes; the head of a shard has %d", source.ErrFormat, size, headSize)
	}
	if err := f.raw.ReadAt(head, 0); err != nil {
		return err
	}
	if err := checkHead(head); err != nil {
		return err
	}
	if size < headSize+endSize {
		return fmt.Errorf("%w: it is truncated to %d bytes", source.ErrCorrupt, size)
	}
	last := make([]byte, endSize)
	if err := f.raw.ReadAt(last, size-endSize); err != nil {
		return err
	}
	e, err := decodeEnd(last, size)
	if err != nil {
		return err
	}
	text := make([]byte, e.length)
	if err := f.readChecked(text, e.description, e.descriptionSum); err != nil {
		return fmt.Errorf("the description: %w", err)
	}
	if f.description, err = parseDescription(text); err != nil {
		return err
	}
	return f.loadTable(e, size)
}

func (f *File) loadTable(e end, size int64) error {
	at := e.description + e.length
	record, length := recordSize(len(f.description.fields)), size-endSize-at
	if e.blocks < 1 || e.blocks > length/record || e.blocks*record != length {
		return fmt.Errorf("%w: a table of %d bytes for %d blocks of %d", source.ErrCorrupt, length, e.blocks, record)
	}
	b := make([]byte, length)
	if err := f.readChecked(b, at, e.tableSum); err != nil {
		return fmt.Errorf("the table of blocks: %w", err)
	}
	var err error
	f.table, err = parseTable(b, f.description, e.description)
	return err
}

func (f *File) readChecked(b []byte, at int64, sum uint32) error {
	if err := f.raw.ReadAt(b, at); err != nil {
		return err
	}
	return checkSum(b, at, sum)
}

func checkSum(b []byte, at int64, sum uint32) error {
	if got := checksum(b); got != sum {
		return fmt.Errorf("%w: the %d bytes at byte %d have checksum %08x; %08x was stored", source.ErrCorrupt, len(b), at, got, sum)
	}
	return nil
}

// Path is the name that the file was opened by.
func (f *File) Path() string { return f.raw.Path() }

// Fields lists the fields.
func (f *File) Fields() []source.Field { return slices.Clone(f.description.fields) }

// Rows is the number of rows.
func (f *File) Rows() int { return f.description.rows }

// Attributes are those of the file: strings, int64 and float64.
func (f *File) Attributes() map[string]any { return maps.Clone(f.description.attributes) }

// FieldAttributes are those of a field; none if there is no such field.
func (f *File) FieldAttributes(field string) map[string]any {
	i, err := source.Find(f.description.fields, field)
	if err != nil {
		return nil
	}
	return maps.Clone(f.description.ofField[i])
}

// Storage is how a field is stored.
type Storage struct {
	Blocks     int
	BlockRows  int   // rows of the largest block
	Stored     int64 // bytes in the file
	Decoded    int64 // bytes when decoded
	Compressed int   // blocks that are compressed
}

// Storage says how a field is stored. Errors: source.ErrMissing.
func (f *File) Storage(field string) (Storage, error) {
	i, err := source.Find(f.description.fields, field)
	if err != nil {
		return Storage{}, fmt.Errorf("shard: %s: %w", f.raw.Path(), err)
	}
	s := Storage{Blocks: len(f.table.ends)}
	for k := range f.table.ends {
		at := f.table.section(k, i)
		s.BlockRows = max(s.BlockRows, f.table.block(k).Len())
		s.Stored += at.stored
		s.Decoded += at.decoded
		if at.coding != plain {
			s.Compressed++
		}
	}
	return s, nil
}

// Close closes the file.
func (f *File) Close() error {
	if err := f.raw.Close(); err != nil {
		return fmt.Errorf("shard: %w", err)
	}
	return nil
}
