package data

import (
	"errors"
	"fmt"
	"slices"
	"sort"
)

// OpenHDF5Source opens the files, in alphabetical order whatever the order
// given, as one source: their rows follow each other. fields are data set
// names. In each file all must have the same number of rows; across files, the
// same shape of a row. The numeric type may differ, since rows are read as
// float32.
func OpenHDF5Source(paths []string, fields ...string) (Source, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("data: %w: no files to read", ErrMissing)
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("data: %w: no data sets were asked for", ErrMissing)
	}
	paths = slices.Sorted(slices.Values(paths))
	s := &hdf5Source{}
	for i, path := range paths {
		err := fmt.Errorf("data: %s: %w: the file is listed twice", path, ErrShape)
		if i == 0 || path != paths[i-1] {
			err = s.add(path, fields)
		}
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// hdf5Source is a list of files with the same fields.
type hdf5Source struct {
	fields []Field
	parts  []part
}

// part is one file: rows [first, end) of the source.
type part struct {
	file       *File
	sets       []*Dataset // one for each field
	first, end int
}

func (s *hdf5Source) add(path string, names []string) error {
	file, err := OpenHDF5(path)
	if err != nil {
		return err
	}
	// Listed before it is checked, so that Close closes it in any case.
	s.parts = append(s.parts, part{file: file, first: s.Rows()})
	p := &s.parts[len(s.parts)-1]
	fields := make([]Field, len(names))
	for i, name := range names {
		ds, err := file.Dataset(name)
		if err != nil {
			return err
		}
		p.sets = append(p.sets, ds)
		fields[i] = Field{Name: name, Shape: ds.Shape()[1:]}
		if rows := p.sets[0].Rows(); ds.Rows() != rows {
			return fmt.Errorf("data: %s: %w: %q has %d rows and %q has %d", path, ErrShape, names[0], rows, name, ds.Rows())
		}
	}
	p.end = p.first + p.sets[0].Rows()
	if len(s.parts) == 1 {
		s.fields = fields
		return checkFields(fields)
	}
	return s.agree(path, fields)
}

func (s *hdf5Source) agree(path string, fields []Field) error {
	for i, f := range fields {
		if want := s.fields[i].Shape; !slices.Equal(f.Shape, want) {
			return fmt.Errorf("data: %s: %w: a row of %q is %s, but %s in %s", path, ErrShape,
				f.Name, tuple(f.Shape), tuple(want), s.parts[0].file.path)
		}
	}
	return nil
}

func (s *hdf5Source) Rows() int {
	if len(s.parts) == 0 {
		return 0
	}
	return s.parts[len(s.parts)-1].end
}

func (s *hdf5Source) Fields() []Field { return s.fields }

func (s *hdf5Source) Close() error {
	var errs []error
	for _, p := range s.parts {
		errs = append(errs, p.file.Close())
	}
	return errors.Join(errs...)
}

// find returns the index of the part that holds row.
func (s *hdf5Source) find(row int) int {
	return sort.Search(len(s.parts), func(i int) bool { return s.parts[i].end > row })
}

func (s *hdf5Source) ReadRows(field string, dst []float32, first, count int) error {
	k := slices.IndexFunc(s.fields, func(f Field) bool { return f.Name == field })
	if k < 0 {
		_, err := findField(s.fields, field)
		return err
	}
	size := s.parts[0].sets[k].RowSize()
	if err := checkRead(s.Rows(), size, len(dst), first, count); err != nil {
		return fmt.Errorf("data: field %q of %d files, rows [%d, %d+%d): %w", field, len(s.parts), first, first, count, err)
	}
	for i := s.find(first); count > 0; i++ {
		p := &s.parts[i]
		n := min(count, p.end-first)
		if err := p.sets[k].ReadRows(dst[:n*size], first-p.first, n); err != nil {
			return err
		}
		dst = dst[n*size:]
		first, count = first+n, count-n
	}
	return nil
}

func (s *hdf5Source) locate(field string, row int) string {
	p := s.parts[s.find(row)]
	return fmt.Sprintf("%s: data set %q, row %d", p.file.path, field, row-p.first)
}
