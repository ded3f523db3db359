package shard

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"github.com/cascade-hpc/cascade/data/source"
)

// Open opens the shards, in alphabetical order whatever the order given, as one
// source: their rows follow each other. fields are those to read; they must be of
// the same kind and shape in every shard. Errors: source.ErrMissing,
// source.ErrShape, and those of OpenFile.
func Open(paths []string, fields ...string) (*Source, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("shard: %w: no files to read", source.ErrMissing)
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("shard: %w: no fields were asked for", source.ErrMissing)
	}
	paths = slices.Sorted(slices.Values(paths))
	s := &Source{}
	for i, path := range paths {
		err := fmt.Errorf("shard: %s: %w: the file is listed twice", path, source.ErrShape)
		if i == 0 || path != paths[i-1] {
			err = s.add(path, fields)
		}
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// Source is a list of shards with the same fields. It implements source.Source,
// source.Parted and source.Counter.
type Source struct {
	fields []source.Field
	parts  []part
}

// part is one shard: its rows are those of the source from first on.
type part struct {
	file    *File
	columns []int // of each field of the source, which of the file it is
	rows    source.Range
}

func (s *Source) add(path string, names []string) error {
	file, err := OpenFile(path)
	if err != nil {
		return err
	}
	p := part{file: file, rows: source.Range{From: s.Rows(), To: s.Rows() + file.Rows()}}
	s.parts = append(s.parts, p) // before it is checked, so that Close closes it
	var fields []source.Field
	for _, name := range names {
		i, err := source.Find(file.description.fields, name)
		if err != nil {
			return fmt.Errorf("shard: %s: %w", path, err)
		}
		p.columns = append(p.columns, i)
		fields = append(fields, file.description.fields[i])
	}
	s.parts[len(s.parts)-1] = p
	if len(s.parts) == 1 {
		s.fields = fields
		if err := source.CheckFields(fields); err != nil {
			return fmt.Errorf("shard: %s: %w", path, err)
		}
		return nil
	}
	return s.agree(path, fields)
}

func (s *Source) agree(path string, fields []source.Field) error {
	for i, f := range fields {
		if want := s.fields[i]; !f.Equal(want) {
			return fmt.Errorf("shard: %s: %w: a row is %s, but %s in %s", path, source.ErrShape, f, want, s.parts[0].file.raw.Path())
		}
	}
	return nil
}

// Rows implements source.Source.
func (s *Source) Rows() int {
	if len(s.parts) == 0 {
		return 0
	}
	return s.parts[len(s.parts)-1].rows.To
}

// Fields implements source.Source.
func (s *Source) Fields() []source.Field { return s.fields }

// Extents are the blocks.
func (s *Source) Extents() []source.Range {
	var cut []source.Range
	for _, p := range s.parts {
		for k := range p.file.table.ends {
			r := p.file.table.block(k)
			cut = append(cut, source.Range{From: p.rows.From + r.From, To: p.rows.From + r.To})
		}
	}
	return cut
}

// Parts implements source.Parted: a range for each file.
func (s *Source) Parts() []source.Range {
	var parts []source.Range
	for _, p := range s.parts {
		parts = append(parts, p.rows)
	}
	return parts
}

// find is the index of the part that holds a row.
func (s *Source) find(row int) int {
	return sort.Search(len(s.parts), func(i int) bool { return s.parts[i].rows.To > row })
}

// Read implements source.Source. It reads every block that has a row in rows
// whole, and is fastest where they are all of an Extent. It does not allocate,
// once dst has been as large before.
func (s *Source) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(s.Rows()); err != nil {
		return fmt.Errorf("shard: %d files: %w", len(s.parts), err)
	}
	dst.Reset(s.fields, rows.Len())
	for field := range s.fields {
		for i, from := s.find(rows.From), rows.From; from < rows.To; i++ {
			p := &s.parts[i]
			to := min(rows.To, p.rows.To)
			w := want{
				dst: dst, field: field, at: from - rows.From, column: p.columns[field],
				rows: source.Range{From: from - p.rows.From, To: to - p.rows.From},
			}
			if err := p.file.read(w); err != nil {
				return err
			}
			from = to
		}
	}
	return nil
}

// Locate implements source.Source.
func (s *Source) Locate(field string, row int) string {
	p := s.parts[s.find(row)]
	return fmt.Sprintf("%s: field %q, row %d", p.file.raw.Path(), field, row-p.rows.From)
}

// Counts implements source.Counter.
func (s *Source) Counts() source.Counts {
	var sum source.Counts
	for _, p := range s.parts {
		sum = sum.Add(p.file.raw.Counts())
	}
	return sum
}

// Close closes all files.
func (s *Source) Close() error {
	var errs []error
	for _, p := range s.parts {
		errs = append(errs, p.file.Close())
	}
	return errors.Join(errs...)
}
