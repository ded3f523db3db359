package source

import "fmt"

// Range is the rows From … To-1.
type Range struct {
	From, To int
}

// Len is the number of rows in the range.
func (r Range) Len() int { return r.To - r.From }

// Check says whether the range lies within rows rows. Errors: ErrRange.
func (r Range) Check(rows int) error {
	if r.From < 0 || r.To < r.From || r.To > rows {
		return fmt.Errorf("%w: rows [%d, %d) of %d", ErrRange, r.From, r.To, rows)
	}
	return nil
}

// Cut cuts rows rows into ranges of size rows, of which the last may be shorter.
func Cut(rows, size int) []Range {
	var cut []Range
	for at := 0; at < rows; at += size {
		cut = append(cut, Range{From: at, To: min(at+size, rows)})
	}
	return cut
}
