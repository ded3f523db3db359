package shard

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
)

// File is a shard open for reading. Its methods may be called by several
// goroutines.
type File struct {
	path        string
	r           io.ReaderAt
	close       func() error
	description description
	table       table
}

// OpenFile opens a shard and reads what it says of its rows, not the rows.
// Errors: those of os.Open, source.ErrFormat, source.ErrCorrupt.
func OpenFile(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("shard: %w", err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w: not a regular file but %s", source.ErrFormat, info.Mode().Type())
	}
	f := &File{path: path, r: file, close: file.Close}
	if err == nil {
		err = f.load(info.Size())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("shard: %s: %w", path, err), file.Close())
	}
	return f, nil
}

// load reads all but the blocks of a shard of size bytes.
func (f *File) load(size int64) error {
	head := make([]byte, headSize)
	if size < headSize {
		return fmt.Errorf("%w: it has %d bytes; the head of a shard has %d", source.ErrFormat, size, headSize)
	}
	if err := readAt(f.r, head, 0); err != nil {
		return err
	}
	if err := checkHead(head); err != nil {
		return err
	}
	if size < headSize+endSize {
		return fmt.Errorf("%w: it is truncated to %d bytes", source.ErrCorrupt, size)
	}
	last := make([]byte, endSize)
	if err := readAt(f.r, last, size-endSize); err != nil {
		return err
	}
	e, err := decodeEnd(last, size)
	if err != nil {
		return err
	}
	text := make([]byte, e.length)
	if err := readChecked(f.r, text, e.description, e.descriptionSum); err != nil {
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
	if err := readChecked(f.r, b, at, e.tableSum); err != nil {
		return fmt.Errorf("the table of blocks: %w", err)
	}
	var err error
	f.table, err = parseTable(b, f.description, e.description)
	return err
}

func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: it has been truncated: %d bytes at byte %d, of %d", source.ErrCorrupt, n, at, len(b))
	}
	return err
}

func readChecked(r io.ReaderAt, b []byte, at int64, sum uint32) error {
	if err := readAt(r, b, at); err != nil {
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
func (f *File) Path() string { return f.path }

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
		return Storage{}, fmt.Errorf("shard: %s: %w", f.path, err)
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
	if err := f.close(); err != nil {
		return fmt.Errorf("shard: %w", err)
	}
	return nil
}
