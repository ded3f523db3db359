package hdf5

import (
	"errors"
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// Options says how data sets are stored. The zero value is what Create
// uses: checksummed, not compressed.
type Options struct {
	// Gzip is a level from 1 to 9; 0, the default, does not compress. It makes
	// files smaller and reading several times slower.
	Gzip int
	// Shuffle brings bytes of the same weight together before gzip. It helps where
	// neighbours are alike, as in smooth fields and labels, and hurts where most
	// numbers are zero, as in showers.
	Shuffle bool
	// NoChecksum leaves out the Fletcher32 checksum of each chunk. Without it a
	// flipped bit is read as a number.
	NoChecksum bool
	// ChunkRows is the number of rows in a chunk; 0, the default, takes the
	// largest power of two that keeps a chunk within 1 MiB, at most 1024. A
	// checksummed chunk is always read whole.
	ChunkRows int
}

// Writer writes a new HDF5 file of data sets that grow row by row. The file
// appears under its name only when Close returns nil; until then the name keeps
// what it had. A Writer is for one goroutine.
//
// A field of source.Bytes becomes a data set of variable-length uint8, as h5py
// makes them. HDF5 keeps such rows outside of the chunks: they are neither
// compressed nor covered by a checksum. A shard (package data/shard) covers them.
type Writer struct {
	path, temp string
	h5         *h5.File
	sets       []*growing
	err        error // the first failure; nothing is published after it
	closed     bool
}

// Create starts a file with a data set for each field, of the field's kind. A
// field's name may be a path, whose groups are made. Errors: source.ErrShape,
// source.ErrType, and libhdf5's.
func Create(path string, fields ...source.Field) (*Writer, error) {
	return Options{}.Create(path, fields...)
}

// Create is Create with these options. Errors also: source.ErrRange.
func (o Options) Create(path string, fields ...source.Field) (*Writer, error) {
	if err := source.CheckFields(fields); err != nil {
		return nil, fmt.Errorf("hdf5: %s: %w", path, err)
	}
	if o.Gzip < 0 || o.Gzip > 9 || o.ChunkRows < 0 {
		return nil, fmt.Errorf("hdf5: %s: %w: gzip level %d (0 to 9), %d rows in a chunk", path, source.ErrRange, o.Gzip, o.ChunkRows)
	}
	w := &Writer{path: path, temp: atomicfile.Temp(path)}
	var err error
	if w.h5, err = h5.Create(w.temp); err != nil {
		return nil, errors.Join(fmt.Errorf("hdf5: %s: %w", path, err), removeIfThere(w.temp))
	}
	if err := w.begin(o, fields); err != nil {
		return nil, errors.Join(fmt.Errorf("hdf5: %s: %w", path, err), w.Abort())
	}
	return w, nil
}

func (w *Writer) begin(o Options, fields []source.Field) error {
	for _, f := range fields {
		storage, err := o.storage(f)
		if err != nil {
			return fmt.Errorf("data set %q: %w", f.Name, err)
		}
		d, err := w.h5.CreateDataset(f.Name, elementType(f.Kind), storage)
		if err != nil {
			return fmt.Errorf("data set %q: %w", f.Name, err)
		}
		w.sets = append(w.sets, &growing{Field: f, h5: d})
	}
	return w.h5.SetAttr("", completeAttr, int64(0))
}

// fail remembers the first error.
func (w *Writer) fail(err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("hdf5: %s: %w", w.path, err)
	if w.err == nil {
		w.err = err
	}
	return err
}

// Close finishes the file, syncs it to disk and gives it its name. Every data
// set must have the same number of rows, at least one. On any error, now or
// before, the temporary file is removed and the name keeps what it had.
func (w *Writer) Close() error {
	if w.closed {
		return w.err
	}
	for _, s := range w.sets {
		if n := w.sets[0].rows; w.err == nil && (s.rows == 0 || s.rows != n) {
			w.fail(fmt.Errorf("%w: %q has %d rows and %q has %d", source.ErrShape, w.sets[0].Name, n, s.Name, s.rows))
		}
	}
	if w.err == nil {
		w.fail(w.h5.SetAttr("", completeAttr, int64(1)))
	}
	if w.err != nil {
		return errors.Join(w.err, w.Abort())
	}
	w.closed = true
	w.fail(w.h5.Close())
	if w.err == nil {
		w.fail(atomicfile.Publish(w.temp, w.path))
	}
	if w.err != nil {
		return errors.Join(w.err, removeIfThere(w.temp))
	}
	return nil
}

// Abort gives the file up and removes what was written. After Close it does
// nothing, so that it can be deferred.
func (w *Writer) Abort() error {
	if w.closed {
		return nil
	}
	w.closed = true
	w.fail(fmt.Errorf("the writer was aborted"))
	w.h5.Close() // what it fails to write is not wanted
	return removeIfThere(w.temp)
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("hdf5: %w", err)
	}
	return nil
}
