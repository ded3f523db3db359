package idx

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

const (
	// extentBytes is what is worth reading at once.
	extentBytes = 256 << 10
	// mostInflated bounds what a gzip'ed file may become in memory.
	mostInflated = 4 << 30
)

// Column is a file whose rows become a field.
type Column struct {
	Name string // of the field
	Path string
	// Channel puts an axis of length 1 before the others: an image of (28, 28) becomes
	// one of a single channel, (1, 28, 28).
	Channel bool
}

// Images opens a file of images and the file of their labels, the way data sets in
// IDX are published: the fields are "image", with one channel, and "label". Errors:
// those of Open.
func Images(images, labels string) (*Source, error) {
	return Open(Column{Name: "image", Path: images, Channel: true}, Column{Name: "label", Path: labels})
}

// Open opens files with the same number of rows. A gzip'ed one is unpacked into
// memory, at most 4 GiB. Errors: those of os.Open, source.ErrFormat,
// source.ErrCorrupt, source.ErrShape, source.ErrRefused.
func Open(columns ...Column) (*Source, error) {
	s := &Source{}
	for _, c := range columns {
		err := s.open(c)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("idx: %w", err), s.Close())
		}
	}
	if err := source.CheckFields(s.fields); err != nil {
		return nil, errors.Join(fmt.Errorf("idx: %w", err), s.Close())
	}
	return s, nil
}

// Source is rows from IDX files. It implements source.Source and source.Counter.
type Source struct {
	fields []source.Field
	files  []*rawfile.File // of each field
	begin  []int64         // of each field: where the elements begin
	rows   int
}

func (s *Source) open(c Column) error {
	f, err := rawfile.Open(c.Path)
	if err != nil {
		return err
	}
	s.files = append(s.files, f)
	zipped, err := f.Gzipped()
	if err == nil && zipped {
		err = f.Inflate(mostInflated)
	}
	if err != nil {
		return err
	}
	return s.add(c, f)
}

// add makes a field of the newest file.
func (s *Source) add(c Column, f *rawfile.File) error {
	h, err := readHeader(f)
	if err != nil {
		return err
	}
	rows, shape := h.shape[0], slices.Clone(h.shape[1:])
	if len(s.fields) > 0 && rows != s.rows {
		return fmt.Errorf("%s: %w: it has %d rows, and %s has %d", f.Path(), source.ErrShape, rows, s.files[0].Path(), s.rows)
	}
	if c.Channel {
		shape = slices.Insert(shape, 0, 1)
	}
	s.rows = rows
	s.begin = append(s.begin, h.bytes)
	s.fields = append(s.fields, source.Field{Name: c.Name, Shape: shape, Kind: h.kind})
	return nil
}

// Fields implements source.Source.
func (s *Source) Fields() []source.Field { return s.fields }

// Rows implements source.Source.
func (s *Source) Rows() int { return s.rows }

// Extents implements source.Source.
func (s *Source) Extents() []source.Range {
	bytes := 0
	for _, f := range s.fields {
		bytes += f.RowBytes()
	}
	return source.Cut(s.rows, max(1, extentBytes/bytes))
}

// Read implements source.Source.
func (s *Source) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(s.rows); err != nil {
		return fmt.Errorf("idx: %s: %w", s.files[0].Path(), err)
	}
	dst.Reset(s.fields, rows.Len())
	for k, f := range s.fields {
		to := dst.All(k)
		if err := s.files[k].ReadAt(to, s.begin[k]+int64(rows.From)*int64(f.RowBytes())); err != nil {
			return fmt.Errorf("idx: rows [%d, %d): %w", rows.From, rows.To, err)
		}
		s.files[k].Decoded(len(to), swap(to, f.Kind.Size()))
	}
	return nil
}

// swap puts elements into the byte order of the machine, and says how long it
// took: bytes are as they should be.
func swap(b []byte, size int) time.Duration {
	if size == 1 || !source.LittleEndian {
		return 0
	}
	start := time.Now()
	source.SwapBytes(b, size)
	return time.Since(start)
}

// Locate implements source.Source.
func (s *Source) Locate(field string, row int) string {
	k := slices.IndexFunc(s.fields, func(f source.Field) bool { return f.Name == field })
	return fmt.Sprintf("%s: row %d", s.files[max(0, k)].Path(), row)
}

// Counts implements source.Counter.
func (s *Source) Counts() source.Counts {
	var sum source.Counts
	for _, f := range s.files {
		sum = sum.Add(f.Counts())
	}
	return sum
}

// Close implements source.Source.
func (s *Source) Close() error {
	var errs []error
	for _, f := range s.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
