package data

import (
	"errors"
	"fmt"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
)

// block is an extent in memory, or on its way there.
type block struct {
	id      int
	rows    source.Range
	columns *source.Columns // nil until it is decoded
	places  int             // of it in batches that are still to be filled
	bytes   int64           // of memory; about, until it is decoded
	state   state
	cached  bool
	err     error         // why it could not be read
	bad     map[int]error // why rows of it could not be read, under Skip
}

type state uint8

const (
	waiting state = iota
	decoding
	decoded
)

// read fills the block, with columns to use. It returns the time it took.
func (p *plan) read(b *block, columns *source.Columns) time.Duration {
	began := time.Now()
	b.columns = columns
	b.err = p.readRows(columns, b.rows)
	if errors.Is(b.err, source.ErrCorrupt) {
		p.salvage(b)
	}
	return time.Since(began)
}

// readRows turns a panic of the source into an error: it must not end the
// training without a word on where it was.
func (p *plan) readRows(dst *source.Columns, rows source.Range) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("data: reading rows [%d, %d) of %T: panic: %v", rows.From, rows.To, p.src, r)
		}
	}()
	err = p.src.Read(dst, rows)
	if err == nil && dst.Rows() != rows.Len() {
		err = fmt.Errorf("data: %T: %w: %d rows instead of [%d, %d)", p.src, source.ErrShape, dst.Rows(), rows.From, rows.To)
	}
	return err
}

// lasting marks an error that no other row will cure, such as a closed file or a
// panic: it is never skipped.
type lasting struct{ error }

func (l lasting) Unwrap() error { return l.error }

// salvage reads the rows one at a time, to lose no more than are damaged.
func (p *plan) salvage(b *block) {
	b.err, b.bad = nil, map[int]error{}
	fields := p.src.Fields()
	var one source.Columns
	b.columns.Reset(fields, b.rows.Len())
	for i := range b.rows.Len() {
		row := b.rows.From + i
		err := p.readRows(&one, source.Range{From: row, To: row + 1})
		if err != nil {
			b.bad[i] = err
			if !errors.Is(err, source.ErrCorrupt) {
				b.err = err
				return
			}
		}
		for k, f := range fields {
			switch {
			case f.Kind == source.Bytes && err != nil:
				b.columns.Append(k, nil)
			case f.Kind == source.Bytes:
				b.columns.Append(k, one.Row(k, 0))
			case err == nil:
				copy(b.columns.Row(k, i), one.Row(k, 0))
			}
		}
	}
}

// refused is why a row of the block cannot be had.
func (b *block) refused(row int) error {
	if b.err != nil {
		return lasting{b.err}
	}
	return b.bad[row]
}
