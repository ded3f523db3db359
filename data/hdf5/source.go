package hdf5

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/cascade-hpc/cascade/data/source"
)

// OpenSource opens the files, in alphabetical order whatever the order
// given, as one source: their rows follow each other. fields are data set
// names. In each file all must have the same number of rows; across files, the
// same shape of a row. The numeric type may differ, since rows are read as
// float32.
func OpenSource(paths []string, fields ...string) (*Source, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("hdf5: %w: no files to read", source.ErrMissing)
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("hdf5: %w: no data sets were asked for", source.ErrMissing)
	}
	paths = slices.Sorted(slices.Values(paths))
	s := &Source{}
	for i, path := range paths {
		err := fmt.Errorf("hdf5: %s: %w: the file is listed twice", path, source.ErrShape)
		if i == 0 || path != paths[i-1] {
			err = s.add(path, fields)
		}
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// Source is a list of files with the same fields. It implements source.Source.
type Source struct {
	fields []source.Field
	parts  []part
}

// part is one file: rows [first, end) of the source.
type part struct {
	file       *File
	sets       []*Dataset // one for each field
	first, end int
}

func (s *Source) add(path string, names []string) error {
	file, err := Open(path)
	if err != nil {
		return err
	}
	// Listed before it is checked, so that Close closes it in any case.
	s.parts = append(s.parts, part{file: file, first: s.Rows()})
	p := &s.parts[len(s.parts)-1]
	fields := make([]source.Field, len(names))
	for i, name := range names {
		ds, err := file.Dataset(name)
		if err != nil {
			return err
		}
		p.sets = append(p.sets, ds)
		fields[i] = source.Field{Name: name, Shape: ds.Shape()[1:]}
		if rows := p.sets[0].Rows(); ds.Rows() != rows {
			return fmt.Errorf("hdf5: %s: %w: %q has %d rows and %q has %d", path, source.ErrShape, names[0], rows, name, ds.Rows())
		}
	}
	p.end = p.first + p.sets[0].Rows()
	if len(s.parts) == 1 {
		s.fields = fields
		return source.CheckFields(fields)
	}
	return s.agree(path, fields)
}

func (s *Source) agree(path string, fields []source.Field) error {
	for i, f := range fields {
		if want := s.fields[i].Shape; !slices.Equal(f.Shape, want) {
			return fmt.Errorf("hdf5: %s: %w: a row of %q is %s, but %s in %s", path, source.ErrShape,
				f.Name, source.Tuple(f.Shape), source.Tuple(want), s.parts[0].file.path)
		}
	}
	return nil
}

// Rows implements source.Source.
func (s *Source) Rows() int {
	if len(s.parts) == 0 {
		return 0
	}
	return s.parts[len(s.parts)-1].end
}

// Fields implements source.Source.
func (s *Source) Fields() []source.Field { return s.fields }

// Close closes all files.
func (s *Source) Close() error {
	var errs []error
	for _, p := range s.parts {
		errs = append(errs, p.file.Close())
	}
	return errors.Join(errs...)
}

// find returns the index of the part that holds row.
func (s *Source) find(row int) int {
	return sort.Search(len(s.parts), func(i int) bool { return s.parts[i].end > row })
}

// Extents are the chunks of the field whose rows are largest.
func (s *Source) Extents() []source.Range {
	var cut []source.Range
	for _, p := range s.parts {
		k := 0
		for i, f := range s.fields {
			if f.RowBytes() > s.fields[k].RowBytes() {
				k = i
			}
		}
		rows := max(1, (1<<20)/s.fields[k].RowBytes())
		if chunk := p.sets[k].info.Chunk; chunk != nil {
			rows = chunk[0]
		}
		for _, r := range source.Cut(p.end-p.first, rows) {
			cut = append(cut, source.Range{From: p.first + r.From, To: p.first + r.To})
		}
	}
	return cut
}

// Read implements source.Source.
func (s *Source) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(s.Rows()); err != nil {
		return fmt.Errorf("hdf5: %d files: %w", len(s.parts), err)
	}
	dst.Reset(s.fields, rows.Len())
	for k, f := range s.fields {
		out := source.Float32View(dst.All(k))
		for i, first := s.find(rows.From), rows.From; first < rows.To; i++ {
			p := &s.parts[i]
			n := min(rows.To, p.end) - first
			if err := p.sets[k].ReadRows(out[:n*f.Size()], first-p.first, n); err != nil {
				return err
			}
			out, first = out[n*f.Size():], first+n
		}
	}
	return nil
}

// Locate implements source.Source.
func (s *Source) Locate(field string, row int) string {
	p := s.parts[s.find(row)]
	return fmt.Sprintf("%s: data set %q, row %d", p.file.path, field, row-p.first)
}
