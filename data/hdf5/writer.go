package hdf5

import (
	"errors"
	"fmt"
	"math/bits"
	"os"
	"strings"

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
	// NoChecksum leaves out the Fletcher32 checksum of each chunk. Without it a
	// flipped bit is read as a number.
	NoChecksum bool
	// ChunkRows is the number of rows in a chunk; 0, the default, takes the
	// largest power of two that keeps a chunk within 1 MiB, at most 1024. A
	// checksummed chunk is always read whole.
	ChunkRows int
}

// Writer writes a new HDF5 file of float32 data sets that grow row by row. The
// file appears under its name only when Close returns nil; until then the name
// keeps what it had. A Writer is for one goroutine.
type Writer struct {
	path, temp string
	h5         *h5.File
	sets       []*growing
	err        error // the first failure; nothing is published after it
	closed     bool
}

type growing struct {
	source.Field
	h5   *h5.Dataset
	rows int
}

// Create starts a file with a data set for each field. A field's name may be
// a path, whose groups are made.
func Create(path string, fields ...source.Field) (*Writer, error) {
	return Options{}.Create(path, fields...)
}

// Create is Create with these options.
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
		chunk := []uint64{uint64(o.chunkRows(f.Size()))}
		for _, n := range f.Shape {
			chunk = append(chunk, uint64(n))
		}
		if len(chunk) > maxRank || float64(chunk[0])*float64(f.Size())*4 > maxChunk {
			return fmt.Errorf("data set %q: %w: %d axes (at most %d), chunks of %d rows %s (at most 1 GiB)",
				f.Name, source.ErrShape, len(chunk), maxRank, chunk[0], source.Tuple(f.Shape))
		}
		d, err := w.h5.CreateDataset(f.Name, chunk, o.Gzip, !o.NoChecksum)
		if err != nil {
			return fmt.Errorf("data set %q: %w", f.Name, err)
		}
		w.sets = append(w.sets, &growing{Field: f, h5: d})
	}
	return w.h5.SetAttr(completeAttr, int64(0))
}

// chunkRows keeps a chunk near a megabyte: large enough that its overhead does
// not count, small enough that a shuffled row does not drag much along.
func (o Options) chunkRows(size int) int {
	if o.ChunkRows > 0 {
		return o.ChunkRows
	}
	rows := min(max((1<<20)/(4*size), 1), 1024)
	return 1 << (bits.Len(uint(rows)) - 1)
}

// Append adds rows to a data set; len(rows) must be a multiple of the field's
// Size. After an error Close publishes nothing. Errors: source.ErrMissing, source.ErrShape,
// and libhdf5's.
func (w *Writer) Append(field string, rows []float32) error {
	if w.closed {
		return fmt.Errorf("hdf5: %s: %w", w.path, os.ErrClosed)
	}
	for _, s := range w.sets {
		if s.Name == field {
			return w.fail(s.append(rows))
		}
	}
	return w.fail(fmt.Errorf("%w: no data set %q was created", source.ErrMissing, field))
}

func (s *growing) append(rows []float32) error {
	size := s.Size()
	if len(rows)%size != 0 {
		return fmt.Errorf("data set %q: %w: %d elements are not a number of rows %s of %d", s.Name, source.ErrShape, len(rows), source.Tuple(s.Shape), size)
	}
	n := len(rows) / size
	if n == 0 {
		return nil
	}
	if err := s.h5.Append(rows, n); err != nil {
		return fmt.Errorf("data set %q, row %d: %w", s.Name, s.rows, err)
	}
	s.rows += n
	return nil
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

// SetAttr sets an attribute of the file: a string, an int, int64 or float64.
// The name "complete" is the writer's own. Errors: source.ErrType.
func (w *Writer) SetAttr(name string, value any) error {
	if w.closed {
		return fmt.Errorf("hdf5: %s: %w", w.path, os.ErrClosed)
	}
	switch v := value.(type) {
	case int:
		value = int64(v)
	case string:
		if strings.ContainsRune(v, 0) {
			return w.fail(fmt.Errorf("attribute %q: %w: its text holds a zero byte", name, source.ErrType))
		}
	case int64, float64:
	default:
		return w.fail(fmt.Errorf("attribute %q: %w %T: a string, an int or a float64 can be stored", name, source.ErrType, value))
	}
	if name == "" || name == completeAttr {
		return w.fail(fmt.Errorf("attribute %q: %w: the name cannot be used", name, source.ErrType))
	}
	if err := w.h5.SetAttr(name, value); err != nil {
		return w.fail(fmt.Errorf("attribute %q: %w", name, err))
	}
	return nil
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
		w.fail(w.h5.SetAttr(completeAttr, int64(1)))
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
