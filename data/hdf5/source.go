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
// same shape of a row. Where the types of numbers differ between files, those of
// all become the smallest kind that holds every number exactly, or float32 if
// there is none.
//
// The schema of every file is read now. Later no more than 64 files are open at
// a time; one that has changed in between is an error. Errors: those of Open and
// File.Dataset, source.ErrMissing, source.ErrShape, source.ErrType.
func OpenSource(paths []string, fields ...string) (*Source, error) {
	return openSource(paths, fields, newOpenFiles(mostOpen))
}

func openSource(paths, fields []string, files *openFiles) (*Source, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("hdf5: %w: no files to read", source.ErrMissing)
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("hdf5: %w: no data sets were asked for", source.ErrMissing)
	}
	paths = slices.Sorted(slices.Values(paths))
	s := &Source{files: files, meter: new(meter), chunks: newChunkCache(cacheBytes)}
	for i, path := range paths {
		err := fmt.Errorf("hdf5: %s: %w: the file is listed twice", path, source.ErrShape)
		if i == 0 || path != paths[i-1] {
			err = s.add(path, fields)
		}
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	for i := range s.fields {
		var kinds []source.Kind
		for _, p := range s.parts {
			kinds = append(kinds, p.sets[i].info.Kind)
		}
		s.fields[i].Kind = common(kinds)
	}
	return s, nil
}

// Source is a list of files with the same fields. It implements source.Source,
// source.Parted and source.Counter.
type Source struct {
	fields []source.Field
	parts  []part
	files  *openFiles
	meter  *meter
	chunks *chunkCache
}

// part is one file: rows [first, end) of the source.
type part struct {
	file       *File
	sets       []*Dataset // one for each field
	first, end int
}

func (s *Source) add(path string, names []string) error {
	file, err := openWith(path, s.meter, s.chunks)
	if err != nil {
		return err
	}
	// Listed before it is checked, so that Close closes it in any case.
	s.parts = append(s.parts, part{file: file, first: s.Rows()})
	p := &s.parts[len(s.parts)-1]
	if err := s.files.use(file.handle); err != nil {
		return fmt.Errorf("hdf5: %w", err)
	}
	defer s.files.done(file.handle)
	fields := make([]source.Field, len(names))
	for i, name := range names {
		ds, err := file.Dataset(name)
		if err != nil {
			return err
		}
		p.sets = append(p.sets, ds)
		fields[i] = ds.field()
		fields[i].Name = name
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

// agree compares the fields of a file with those of the first.
func (s *Source) agree(path string, fields []source.Field) error {
	for i, f := range fields {
		want := s.fields[i]
		if !slices.Equal(f.Shape, want.Shape) {
			return fmt.Errorf("hdf5: %s: %w: a row of %q is %s, but %s in %s", path, source.ErrShape,
				f.Name, source.Tuple(f.Shape), source.Tuple(want.Shape), s.parts[0].file.Path())
		}
		if (f.Kind == source.Bytes) != (want.Kind == source.Bytes) {
			return fmt.Errorf("hdf5: %s: %w: %q is of %s, but of %s in %s", path, source.ErrType,
				f.Name, f.Kind, want.Kind, s.parts[0].file.Path())
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

// Parts implements source.Parted: the rows of each file.
func (s *Source) Parts() []source.Range {
	var parts []source.Range
	for _, p := range s.parts {
		parts = append(parts, source.Range{From: p.first, To: p.end})
	}
	return parts
}

// Counts implements source.Counter. What libhdf5 decodes counts as reading.
func (s *Source) Counts() source.Counts { return s.meter.counts() }

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

// Read implements source.Source. Goroutines that read at once share nothing but
// chunks of which each wants a part; see File for what is read in turn.
func (s *Source) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(s.Rows()); err != nil {
		return fmt.Errorf("hdf5: %d files: %w", len(s.parts), err)
	}
	dst.Reset(s.fields, rows.Len())
	for i, at := s.find(rows.From), rows.From; at < rows.To; i++ {
		to := min(rows.To, s.parts[i].end)
		if err := s.readPart(dst, &s.parts[i], source.Range{From: at, To: to}, at-rows.From); err != nil {
			return err
		}
		at = to
	}
	return nil
}

// readPart reads rows of one file into dst from its row number slot on.
func (s *Source) readPart(dst *source.Columns, p *part, rows source.Range, slot int) error {
	if err := s.files.use(p.file.handle); err != nil {
		return fmt.Errorf("hdf5: %w", err)
	}
	defer s.files.done(p.file.handle)
	own := source.Range{From: rows.From - p.first, To: rows.To - p.first}
	for k, f := range s.fields {
		var err error
		d, size := p.sets[k], f.RowBytes()
		switch {
		case f.Kind == source.Bytes:
			err = d.readStrings(own, func(b []byte) { dst.Append(k, b) })
		case f.Kind == d.info.Kind:
			err = d.read(dst.All(k)[slot*size:(slot+rows.Len())*size], own)
		default:
			to, element := dst.All(k)[slot*size:], f.Kind.Size()
			err = d.convertRows(own, func(stored []byte, at, n int) error {
				return widen(to[at*element:(at+n)*element], f.Kind, stored, d.info.Kind)
			})
		}
		if err != nil {
			return d.readError(err, own.From, own.Len())
		}
	}
	return nil
}

// Locate implements source.Source.
func (s *Source) Locate(field string, row int) string {
	p := s.parts[s.find(row)]
	return fmt.Sprintf("%s: data set %q, row %d", p.file.Path(), field, row-p.first)
}
