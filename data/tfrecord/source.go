package tfrecord

import (
	"fmt"
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

// extentBytes is what is worth reading at once.
const extentBytes = 1 << 20

// file is the records of one file.
type file struct {
	raw     *rawfile.File
	offsets []int64 // of each record, and the end of the last
	fields  []source.Field
	readers sync.Pool // of *reader
}

func (f *file) Fields() []source.Field { return f.fields }
func (f *file) Rows() int              { return len(f.offsets) - 1 }
func (f *file) Counts() source.Counts  { return f.raw.Counts() }
func (f *file) Close() error           { return f.raw.Close() }

func (f *file) Locate(field string, row int) string {
	return fmt.Sprintf("%s: record %d, feature %q", f.raw.Path(), row, field)
}

// Extents are runs of records of about a megabyte.
func (f *file) Extents() []source.Range {
	var cut []source.Range
	for from := 0; from < f.Rows(); {
		to := from + 1
		for to < f.Rows() && f.offsets[to+1]-f.offsets[from] <= extentBytes {
			to++
		}
		cut = append(cut, source.Range{From: from, To: to})
		from = to
	}
	return cut
}

// frames reads records as they are stored, one behind the other.
func (f *file) frames(b []byte, rows source.Range) ([]byte, error) {
	n := int(f.offsets[rows.To] - f.offsets[rows.From])
	if cap(b) < n {
		b = make([]byte, n)
	}
	if err := f.raw.ReadAt(b[:n], f.offsets[rows.From]); err != nil {
		return b[:0], fmt.Errorf("records [%d, %d): %w", rows.From, rows.To, err)
	}
	return b[:n], nil
}

func (f *file) Read(dst *source.Columns, rows source.Range) error {
	if err := rows.Check(f.Rows()); err != nil {
		return fmt.Errorf("tfrecord: %s: %w", f.raw.Path(), err)
	}
	r, _ := f.readers.Get().(*reader)
	if r == nil {
		r = newReader(f.fields)
	}
	defer f.readers.Put(r)
	var err error
	if r.frames, err = f.frames(r.frames, rows); err != nil {
		return fmt.Errorf("tfrecord: %w", err)
	}
	start := time.Now()
	dst.Reset(f.fields, rows.Len())
	for row := rows.From; row < rows.To; row++ {
		begin, end := f.offsets[row]-f.offsets[rows.From], f.offsets[row+1]-f.offsets[rows.From]
		if err := r.record(dst, row-rows.From, r.frames[begin:end]); err != nil {
			return fmt.Errorf("tfrecord: %s: record %d: %w", f.raw.Path(), row, err)
		}
	}
	f.raw.Decoded(len(r.frames), time.Since(start))
	return nil
}

// infer says what fields the first record has.
func (f *file) infer() ([]source.Field, error) {
	frame, err := f.frames(nil, source.Range{To: 1})
	if err != nil {
		return nil, err
	}
	example, err := payload(frame)
	if err == nil {
		var fields []source.Field
		if fields, err = infer(example); err == nil {
			return fields, nil
		}
	}
	return nil, fmt.Errorf("%s: record 0: %w", f.raw.Path(), err)
}

// reader is what one Read needs; kept, so that reading does not allocate.
type reader struct {
	fields []source.Field
	frames []byte
	found  [][]byte // the feature of each field in the present record
	note   func(name, feature []byte)
	fill   filler
}

func newReader(fields []source.Field) *reader {
	r := &reader{fields: fields, found: make([][]byte, len(fields))}
	r.note = func(name, feature []byte) {
		for k := range r.fields {
			if r.fields[k].Name == string(name) {
				r.found[k] = feature
				if feature == nil {
					r.found[k] = []byte{} // there, and empty
				}
			}
		}
	}
	return r
}

// record checks a record and puts its features into row i of their fields.
func (r *reader) record(dst *source.Columns, i int, frame []byte) error {
	example, err := payload(frame)
	if err != nil {
		return err
	}
	clear(r.found)
	if err := eachFeature(example, r.note); err != nil {
		return err
	}
	for k, f := range r.fields {
		if r.found[k] == nil {
			return fmt.Errorf("%w: it has no feature %q, but %s", source.ErrMissing, f.Name, names(example))
		}
		r.fill = filler{field: f}
		if f.Kind != source.Bytes {
			r.fill.row = dst.Row(k, i)
		}
		err := eachValue(r.found[k], &r.fill)
		if err == nil {
			err = r.fill.done()
		}
		if err != nil {
			return fmt.Errorf("feature %q: %w", f.Name, err)
		}
		if f.Kind == source.Bytes {
			dst.Append(k, r.fill.str)
		}
	}
	return nil
}
