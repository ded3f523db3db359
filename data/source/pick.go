package source

import (
	"fmt"
	"slices"
	"sync"
)

// Pick makes a source of some rows of another, in their order. rows must ascend.
// What is left out of a run that is read is read and dropped, so it costs as much
// as what is kept. Closing it closes src. Errors: ErrRange, ErrShape if there are no
// rows.
func Pick(src Source, rows []int) (Source, error) {
	if len(rows) == 0 {
		return nil, fmt.Errorf("source: Pick: %w: none of %d rows was picked", ErrShape, src.Rows())
	}
	for i, r := range rows {
		if r < 0 || r >= src.Rows() || i > 0 && r <= rows[i-1] {
			return nil, fmt.Errorf("source: Pick: %w: row %d in place %d, of %d rows that must ascend", ErrRange, r, i, src.Rows())
		}
	}
	p := &picked{Source: src, rows: rows, scratch: sync.Pool{New: func() any { return new(Columns) }}}
	p.extents = p.shrink(src.Extents())
	if parted, ok := src.(Parted); ok {
		p.parts = p.shrink(parted.Parts())
	} else {
		p.parts = []Range{{To: len(rows)}}
	}
	return p, nil
}

type picked struct {
	Source
	rows           []int // of Source
	extents, parts []Range
	scratch        sync.Pool // of *Columns
}

// shrink translates ranges of all rows into ranges of the picked ones, and leaves
// out those of which nothing is left.
func (p *picked) shrink(all []Range) []Range {
	var ranges []Range
	at := 0
	for _, r := range all {
		end, _ := slices.BinarySearch(p.rows, r.To)
		if end > at {
			ranges = append(ranges, Range{From: at, To: end})
		}
		at = end
	}
	return ranges
}

func (p *picked) Rows() int        { return len(p.rows) }
func (p *picked) Extents() []Range { return p.extents }
func (p *picked) Parts() []Range   { return p.parts }

func (p *picked) Locate(field string, row int) string { return p.Source.Locate(field, p.rows[row]) }

// Counts are those of the source, if it counts.
func (p *picked) Counts() Counts {
	if c, ok := p.Source.(Counter); ok {
		return c.Counts()
	}
	return Counts{}
}

func (p *picked) Read(dst *Columns, r Range) error {
	if err := r.Check(len(p.rows)); err != nil {
		return fmt.Errorf("source: Pick: %w", err)
	}
	if r.Len() == 0 {
		dst.Reset(p.Fields(), 0)
		return nil
	}
	rows := p.rows[r.From:r.To]
	all := Range{From: rows[0], To: rows[len(rows)-1] + 1}
	if all.Len() == len(rows) {
		return p.Source.Read(dst, all)
	}
	read := p.scratch.Get().(*Columns)
	defer p.scratch.Put(read)
	if err := p.Source.Read(read, all); err != nil {
		return err
	}
	dst.Reset(p.Fields(), len(rows))
	for k, f := range p.Fields() {
		for i, row := range rows {
			if f.Kind == Bytes {
				dst.Append(k, read.Row(k, row-all.From))
				continue
			}
			copy(dst.Row(k, i), read.Row(k, row-all.From))
		}
	}
	return nil
}
