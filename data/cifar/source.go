package cifar

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

const (
	pixels = 3 * 32 * 32
	// extentRows are worth reading at once, 250 kB.
	extentRows = 80
)

// layout says what precedes the pixels of a record: labels, a byte each.
type layout struct {
	fields  []source.Field // the labels, then the image
	classes []int          // of each label
}

var (
	cifar10  = newLayout([]string{"label"}, 10)
	cifar100 = newLayout([]string{"coarse_label", "label"}, 20, 100)
)

func newLayout(labels []string, classes ...int) layout {
	l := layout{classes: classes}
	for _, name := range labels {
		l.fields = append(l.fields, source.Field{Name: name, Kind: source.Uint8})
	}
	l.fields = append(l.fields, source.Field{Name: "image", Shape: []int{3, 32, 32}, Kind: source.Uint8})
	return l
}

// Open10 opens files of CIFAR-10, given by names and patterns (source.Glob), in
// alphabetical order, as one source whose parts they are. Errors: those of os.Open,
// source.ErrMissing, source.ErrCorrupt.
func Open10(patterns ...string) (source.Source, error) { return open(&cifar10, patterns) }

// Open100 is Open10 for CIFAR-100.
func Open100(patterns ...string) (source.Source, error) { return open(&cifar100, patterns) }

func open(l *layout, patterns []string) (source.Source, error) {
	paths, err := source.Glob(patterns...)
	if err != nil {
		return nil, fmt.Errorf("cifar: %w", err)
	}
	var files []source.Source
	for _, path := range paths {
		f, err := openFile(l, path)
		if err != nil {
			for _, opened := range files {
				err = errors.Join(err, opened.Close())
			}
			return nil, fmt.Errorf("cifar: %w", err)
		}
		files = append(files, f)
	}
	return source.Concat(files...)
}

// file is the records of one file.
type file struct {
	*layout
	raw    *rawfile.File
	rows   int
	record int       // bytes
	buffer sync.Pool // of *[]byte, for records as stored
}

func openFile(l *layout, path string) (*file, error) {
	raw, err := rawfile.Open(path)
	if err != nil {
		return nil, err
	}
	f := &file{layout: l, raw: raw, record: len(l.classes) + pixels, buffer: sync.Pool{New: func() any { return new([]byte) }}}
	f.rows = int(raw.Size() / int64(f.record))
	if f.rows == 0 || raw.Size()%int64(f.record) != 0 {
		err := fmt.Errorf("%s: %w: %d bytes are not a number of records of %d", path, source.ErrCorrupt, raw.Size(), f.record)
		return nil, errors.Join(err, raw.Close())
	}
	return f, nil
}

func (f *file) Fields() []source.Field  { return f.fields }
func (f *file) Rows() int               { return f.rows }
func (f *file) Extents() []source.Range { return source.Cut(f.rows, extentRows) }
func (f *file) Counts() source.Counts   { return f.raw.Counts() }
func (f *file) Close() error            { return f.raw.Close() }

func (f *file) Locate(_ string, row int) string {
	return fmt.Sprintf("%s: row %d", f.raw.Path(), row)
}

func (f *file) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(f.rows); err != nil {
		return fmt.Errorf("cifar: %s: %w", f.raw.Path(), err)
	}
	b := f.buffer.Get().(*[]byte)
	defer f.buffer.Put(b)
	if n := rows.Len() * f.record; cap(*b) < n {
		*b = make([]byte, n)
	}
	*b = (*b)[:rows.Len()*f.record]
	if err := f.raw.ReadAt(*b, int64(rows.From)*int64(f.record)); err != nil {
		return fmt.Errorf("cifar: rows [%d, %d): %w", rows.From, rows.To, err)
	}
	start := time.Now()
	dst.Reset(f.fields, rows.Len())
	for i := range rows.Len() {
		if err := f.sort(dst, i, (*b)[i*f.record:(i+1)*f.record]); err != nil {
			return fmt.Errorf("cifar: %s: row %d: %w", f.raw.Path(), rows.From+i, err)
		}
	}
	f.raw.Decoded(len(*b), time.Since(start))
	return nil
}

// sort puts a record's bytes into row i of their fields.
func (f *file) sort(dst *source.Columns, i int, record []byte) error {
	for k, classes := range f.classes {
		label := record[k]
		if int(label) >= classes {
			return fmt.Errorf("%w: %s %d; there are %d", source.ErrCorrupt, f.fields[k].Name, label, classes)
		}
		dst.All(k)[i] = label
	}
	copy(dst.Row(len(f.classes), i), record[len(f.classes):])
	return nil
}
