package hdf5

import (
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// growing is a data set that rows are added to.
type growing struct {
	source.Field
	h5   *h5.Dataset
	rows int
	text []byte // of the strings of one append
	ends []uint64
}

// Append adds rows to a data set of float32; len(rows) must be a multiple of the
// field's Size. After an error Close publishes nothing. Errors:
// source.ErrMissing, source.ErrType, source.ErrShape, and libhdf5's.
func (w *Writer) Append(field string, rows []float32) error {
	if w.closed {
		return fmt.Errorf("hdf5: %s: %w", w.path, os.ErrClosed)
	}
	s := w.find(field)
	switch {
	case s == nil:
		return w.fail(fmt.Errorf("%w: no data set %q was created", source.ErrMissing, field))
	case s.Kind != source.Float32:
		return w.fail(fmt.Errorf("data set %q: %w: rows of float32 for %s", field, source.ErrType, s.Field))
	case len(rows)%s.Size() != 0:
		return w.fail(fmt.Errorf("data set %q: %w: %d elements are not a number of rows %s of %d", field, source.ErrShape, len(rows), source.Tuple(s.Shape), s.Size()))
	}
	return w.fail(s.numbers(source.BytesOf(rows), len(rows)/s.Size()))
}

// AppendColumns adds rows to the data sets that c has fields of; others can be
// added apart. It keeps nothing of c. After an error Close publishes nothing.
// Errors: source.ErrMissing, source.ErrType and source.ErrShape when a field is
// not as it was created, and libhdf5's.
func (w *Writer) AppendColumns(c *source.Columns) error {
	if w.closed {
		return fmt.Errorf("hdf5: %s: %w", w.path, os.ErrClosed)
	}
	if err := c.Check(); err != nil {
		return w.fail(err)
	}
	for i, f := range c.Fields() {
		s := w.find(f.Name)
		switch {
		case s == nil:
			return w.fail(fmt.Errorf("%w: no data set %q was created", source.ErrMissing, f.Name))
		case s.Kind != f.Kind:
			return w.fail(fmt.Errorf("%w: rows of %s for the data set %s", source.ErrType, f, s.Field))
		case !s.Equal(f):
			return w.fail(fmt.Errorf("%w: rows of %s for the data set %s", source.ErrShape, f, s.Field))
		}
		add := func() error { return s.numbers(c.All(i), c.Rows()) }
		if f.Kind == source.Bytes {
			add = func() error { return s.strings(c, i) }
		}
		if err := add(); err != nil {
			return w.fail(err)
		}
	}
	return nil
}

func (w *Writer) find(field string) *growing {
	for _, s := range w.sets {
		if s.Name == field {
			return s
		}
	}
	return nil
}

// numbers adds n rows in the byte order of the machine.
func (s *growing) numbers(rows []byte, n int) error {
	if n == 0 {
		return nil
	}
	return s.count(n, s.h5.Append(elementType(s.Kind), rows, n))
}

// strings adds the rows of a field of Bytes.
func (s *growing) strings(c *source.Columns, field int) error {
	if c.Rows() == 0 {
		return nil
	}
	s.text, s.ends = s.text[:0], s.ends[:0]
	for r := range c.Rows() {
		s.text = append(s.text, c.Row(field, r)...)
		s.ends = append(s.ends, uint64(len(s.text)))
	}
	return s.count(c.Rows(), s.h5.AppendStrings(s.text, s.ends))
}

// count takes note of n rows, or says which could not be written.
func (s *growing) count(n int, err error) error {
	if err != nil {
		return fmt.Errorf("data set %q, row %d: %w", s.Name, s.rows, err)
	}
	s.rows += n
	return nil
}
