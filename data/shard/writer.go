package shard

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// Options says how rows are stored. The zero value is what Create uses.
type Options struct {
	// BlockRows is the number of rows in a block; 0, the default, makes blocks of
	// about a mebibyte. A block is read whole.
	BlockRows int
	// Zstd is a level of Zstandard from 1, fast, to 22, small; 0, the default, does
	// not compress.
	Zstd int
}

// Writer writes a new shard. The file appears under its name only when Close
// returns nil; until then the name keeps what it had. It holds one block in
// memory, and is for one goroutine.
type Writer struct {
	path        string
	file        *atomicfile.File
	at          int64 // bytes written
	description description
	table       []byte // the records of finished blocks
	blocks      int64
	pending     pending
	encoder     *encoder
	err         error // the first failure; nothing is published after it
	closed      bool
}

// Create starts a shard with the fields.
func Create(path string, fields ...source.Field) (*Writer, error) {
	return Options{}.Create(path, fields...)
}

// Create is Create with these options. Errors: source.ErrShape, source.ErrType,
// source.ErrRange, and those of the file system.
func (o Options) Create(path string, fields ...source.Field) (*Writer, error) {
	if o.BlockRows < 0 || o.Zstd < 0 || o.Zstd > 22 {
		return nil, fmt.Errorf("shard: %s: %w: %d rows in a block, Zstandard level %d (0 to 22)", path, source.ErrRange, o.BlockRows, o.Zstd)
	}
	fields = slices.Clone(fields)
	d, err := newDescription(fields)
	if err != nil {
		return nil, fmt.Errorf("shard: %s: %w", path, err)
	}
	for _, f := range fields {
		if n, ok := sectionBytes(f, o.BlockRows); !ok {
			return nil, fmt.Errorf("shard: %s: field %q: %w: a block of %d rows takes %d bytes; at most 1 GiB can be stored", path, f.Name, source.ErrRange, o.BlockRows, n)
		}
	}
	w := &Writer{path: path, description: d, pending: newPending(fields, o.BlockRows)}
	if w.encoder, err = newEncoder(o.Zstd); err != nil {
		return nil, fmt.Errorf("shard: %s: %w", path, err)
	}
	if w.file, err = atomicfile.Create(path); err != nil {
		return nil, fmt.Errorf("shard: %w", err)
	}
	w.fail(w.write(encodeHead()))
	return w, nil
}

// AppendColumns adds rows of all fields, which must be the writer's, in its
// order; it keeps nothing of c. After an error Close publishes nothing. Errors:
// source.ErrShape, and those of the file system.
func (w *Writer) AppendColumns(c *source.Columns) error {
	if w.closed {
		return fmt.Errorf("shard: %s: %w", w.path, os.ErrClosed)
	}
	if !slices.EqualFunc(c.Fields(), w.description.fields, source.Field.Equal) {
		return w.fail(fmt.Errorf("%w: rows of %v for a file of %v", source.ErrShape, c.Fields(), w.description.fields))
	}
	if err := c.Check(); err != nil {
		return w.fail(err)
	}
	for from := 0; from < c.Rows() && w.err == nil; {
		from += w.pending.take(c, from)
		if w.pending.full() {
			w.fail(w.flush())
		}
	}
	return w.err
}

// flush writes the pending rows as a block.
func (w *Writer) flush() error {
	sections := make([]section, 0, len(w.description.fields))
	for i, f := range w.description.fields {
		raw := w.pending.section(i)
		if len(raw) > maxSection {
			return fmt.Errorf("field %q, rows from %d on: %w: %d bytes in a block of %d rows; at most 1 GiB can be stored",
				f.Name, w.description.rows, source.ErrRange, len(raw), w.pending.rows)
		}
		stored, coding := w.encoder.encode(raw)
		s := section{stored: int64(len(stored)), decoded: int64(len(raw)), sum: checksum(stored), coding: coding}
		if err := errors.Join(w.pad(), w.write(stored)); err != nil {
			return err
		}
		sections = append(sections, s)
	}
	w.table = appendRecord(w.table, w.pending.rows, sections)
	w.description.rows += w.pending.rows
	w.blocks++
	w.pending.reset()
	return nil
}

func (w *Writer) pad() error {
	var zeros [align]byte
	return w.write(zeros[:aligned(w.at)-w.at])
}

func (w *Writer) write(b []byte) error {
	n, err := w.file.Write(b)
	w.at += int64(n)
	return err
}

// fail remembers the first error.
func (w *Writer) fail(err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("shard: %s: %w", w.path, err)
	if w.err == nil {
		w.err = err
	}
	return err
}

// SetAttr sets an attribute of the file: a string, an int, int64 or float64.
// Errors: source.ErrType.
func (w *Writer) SetAttr(name string, value any) error {
	if w.closed {
		return fmt.Errorf("shard: %s: %w", w.path, os.ErrClosed)
	}
	return w.fail(setAttr(w.description.attributes, name, value))
}

// SetFieldAttr sets an attribute of a field, as SetAttr does. Errors also:
// source.ErrMissing.
func (w *Writer) SetFieldAttr(field, name string, value any) error {
	if w.closed {
		return fmt.Errorf("shard: %s: %w", w.path, os.ErrClosed)
	}
	i, err := source.Find(w.description.fields, field)
	if err == nil {
		err = setAttr(w.description.ofField[i], name, value)
	}
	return w.fail(err)
}

// Close finishes the file, syncs it to disk and gives it its name. There must be
// a row. On any error, now or before, what was written is removed and the name
// keeps what it had. A second call returns what the first did.
func (w *Writer) Close() error {
	if w.closed {
		return w.err
	}
	if w.err == nil && w.pending.rows > 0 {
		w.fail(w.flush())
	}
	if w.err == nil && w.description.rows == 0 {
		w.fail(fmt.Errorf("%w: it has no rows", source.ErrShape))
	}
	if w.err == nil {
		w.fail(w.finish())
	}
	if w.err != nil {
		w.Abort()
		return w.err
	}
	w.closed = true
	w.fail(w.file.Commit())
	return w.err
}

// finish writes what follows the blocks.
func (w *Writer) finish() error {
	text, err := w.description.encode()
	if err != nil {
		return err
	}
	if err := w.pad(); err != nil {
		return err
	}
	e := end{description: w.at, length: int64(len(text)), blocks: w.blocks, descriptionSum: checksum(text), tableSum: checksum(w.table)}
	return errors.Join(w.write(text), w.write(w.table), w.write(e.encode()))
}

// Abort gives the file up and removes what was written. After Close it does
// nothing, so that it can be deferred.
func (w *Writer) Abort() {
	if w.closed {
		return
	}
	w.closed = true
	w.fail(errors.New("the writer was aborted"))
	w.file.Abort()
}
