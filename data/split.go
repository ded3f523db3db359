package data

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data/source"
)

// HoldOut splits rows into those to train on and the last ones, kept for tests:
// round(fraction·rows) of them, and at least one on either side. It depends on
// nothing else, so a resumed run splits alike. Errors: source.ErrRange when fraction
// does not lie in (0, 1) or there are fewer than two rows.
func HoldOut(rows int, fraction float64) (train, test source.Range, err error) {
	if !(fraction > 0 && fraction < 1) || rows < 2 {
		return source.Range{}, source.Range{}, fmt.Errorf("data: %w: cannot hold out %g of %d rows: it takes a fraction between 0 and 1 and two rows", source.ErrRange, fraction, rows)
	}
	held := min(max(int(math.Round(fraction*float64(rows))), 1), rows-1)
	return source.Range{From: 0, To: rows - held}, source.Range{From: rows - held, To: rows}, nil
}

// resolve puts numbers to the zero Range and checks that the rows exist.
func resolve(r source.Range, rows int) (source.Range, error) {
	if r == (source.Range{}) {
		r.To = rows
	}
	if r.From < 0 || r.To > rows || r.From >= r.To {
		return source.Range{}, fmt.Errorf("%w: rows [%d, %d) of %d", source.ErrRange, r.From, r.To, rows)
	}
	return r, nil
}
