package lcd

import (
	"context"
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/data/source"
)

// pick leaves out the events whose sum is too small.
func (e *events) pick() (source.Source, error) {
	sums, err := e.sums()
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	var rows []int
	for row, sum := range sums {
		if !(sum <= e.options.MinSum) { // an event with NaN stays, to be an error where it is read
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		err := fmt.Errorf("lcd: %w: not one of %d events has a sum above Options.MinSum, %g: are the cells in the unit that Scale is for?", source.ErrShape, len(sums), e.options.MinSum)
		return nil, errors.Join(err, e.Close())
	}
	return source.Pick(e, rows)
}

// sums sums the cells of every event.
func (e *events) sums() ([]float32, error) {
	sums := make([]float32, 0, e.Rows())
	shower := make([]float32, e.fields[0].Size())
	err := source.Scan(context.Background(), e.Source, func(_ source.Range, read *source.Columns) error {
		for i := range read.Rows() {
			source.Float32s(shower, read.Row(0, i), read.Fields()[0].Kind)
			sums = append(sums, e.options.cut(shower))
		}
		if e.options.Progress != nil {
			e.options.Progress(len(sums), e.Rows())
		}
		return nil
	})
	return sums, err
}
