package source

import (
	"errors"
	"fmt"
	"slices"
	"sort"
)

// Concat makes one source of several with the same fields: the rows of each
// follow those of the one before. Each is one of its parts, or brings its own.
// Closing it closes all. Errors: ErrMissing without sources, ErrShape if fields
// differ.
func Concat(sources ...Source) (Source, error) {
	if len(sources) == 0 {
		return nil, fmt.Errorf("source: Concat: %w: no sources", ErrMissing)
	}
	c := &concat{sources: sources, first: make([]int, 1, len(sources)+1)}
	for i, s := range sources {
		if !slices.EqualFunc(s.Fields(), c.Fields(), Field.Equal) {
			return nil, fmt.Errorf("source: Concat: %w: rows of source %d are %v, and of source 0 %v", ErrShape, i, s.Fields(), c.Fields())
		}
		at := c.first[i]
		c.first = append(c.first, at+s.Rows())
		c.extents = appendShifted(c.extents, s.Extents(), at)
		c.parts = appendShifted(c.parts, partsOf(s), at)
	}
	return c, nil
}

type concat struct {
	sources        []Source
	first          []int // row of each source, and the end of the last
	extents, parts []Range
}

func partsOf(s Source) []Range {
	if p, ok := s.(Parted); ok {
		return p.Parts()
	}
	return []Range{{To: s.Rows()}}
}

func appendShifted(to, ranges []Range, by int) []Range {
	for _, r := range ranges {
		to = append(to, Range{From: r.From + by, To: r.To + by})
	}
	return to
}

func (c *concat) Fields() []Field  { return c.sources[0].Fields() }
func (c *concat) Rows() int        { return c.first[len(c.sources)] }
func (c *concat) Extents() []Range { return c.extents }
func (c *concat) Parts() []Range   { return c.parts }

// holder is the index of the source that has a row.
func (c *concat) holder(row int) int {
	return sort.Search(len(c.sources), func(i int) bool { return c.first[i+1] > row })
}

func (c *concat) Locate(field string, row int) string {
	i := c.holder(row)
	return c.sources[i].Locate(field, row-c.first[i])
}

func (c *concat) Counts() Counts {
	var sum Counts
	for _, s := range c.sources {
		if counter, ok := s.(Counter); ok {
			sum = sum.Add(counter.Counts())
		}
	}
	return sum
}

func (c *concat) Close() error {
	var errs []error
	for _, s := range c.sources {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// Read of rows of one source, as those of an extent are, is that source's.
func (c *concat) Read(dst *Columns, rows Range) error {
	if err := rows.Check(c.Rows()); err != nil {
		return fmt.Errorf("source: Concat: %w", err)
	}
	if rows.Len() == 0 {
		dst.Reset(c.Fields(), 0)
		return nil
	}
	i := c.holder(rows.From)
	if rows.To <= c.first[i+1] {
		return c.sources[i].Read(dst, Range{From: rows.From - c.first[i], To: rows.To - c.first[i]})
	}
	return c.readAcross(dst, rows, i)
}

// readAcross reads rows of source i and those after it piece by piece.
func (c *concat) readAcross(dst *Columns, rows Range, i int) error {
	var piece Columns
	dst.Reset(c.Fields(), rows.Len())
	for at := rows.From; at < rows.To; i++ {
		first, end := c.first[i], min(rows.To, c.first[i+1])
		if err := c.sources[i].Read(&piece, Range{From: at - first, To: end - first}); err != nil {
			return err
		}
		for k, f := range c.Fields() {
			if f.Kind != Bytes {
				copy(dst.All(k)[(at-rows.From)*f.RowBytes():], piece.All(k))
				continue
			}
			for row := range piece.Rows() {
				dst.Append(k, piece.Row(k, row))
			}
		}
		at = end
	}
	return nil
}
