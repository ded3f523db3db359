package data

import (
	"fmt"
	"math"
)

// Range is the rows From … To-1. The zero Range stands for all rows.
type Range struct {
	From, To int
}

// Len is the number of rows in the range.
func (r Range) Len() int { return r.To - r.From }

// HoldOut splits rows into those to train on and the last ones, kept for tests:
// round(fraction·rows) of them, and at least one on either side. It depends on
// nothing else, so a resumed run splits alike. Errors: ErrRange when fraction
// does not lie in (0, 1) or there are fewer than two rows.
func HoldOut(rows int, fraction float64) (train, test Range, err error) {
	if !(fraction > 0 && fraction < 1) || rows < 2 {
		return Range{}, Range{}, fmt.Errorf("data: %w: cannot hold out %g of %d rows: it takes a fraction between 0 and 1 and two rows", ErrRange, fraction, rows)
	}
	held := min(max(int(math.Round(fraction*float64(rows))), 1), rows-1)
	return Range{From: 0, To: rows - held}, Range{From: rows - held, To: rows}, nil
}

// resolve puts numbers to the zero Range and checks that the rows exist.
func (r Range) resolve(rows int) (Range, error) {
	if r == (Range{}) {
		r.To = rows
	}
	if r.From < 0 || r.To > rows || r.From >= r.To {
		return Range{}, fmt.Errorf("%w: rows [%d, %d) of %d", ErrRange, r.From, r.To, rows)
	}
	return r, nil
}
