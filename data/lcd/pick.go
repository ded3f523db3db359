package lcd

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/cascade-hpc/cascade/data/source"
)

// pick leaves out the events whose sum is too small. The sums of all are looked at by
// as many goroutines as Go has threads.
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

func (e *events) sums() ([]float32, error) {
	var (
		sums    = make([]float32, e.Rows())
		extents = e.Extents()
		mu      sync.Mutex // guards next, done and failed
		next    int
		done    int
		failed  error
		group   sync.WaitGroup
	)
	take := func() (source.Range, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(extents) || failed != nil {
			return source.Range{}, false
		}
		next++
		return extents[next-1], true
	}
	finish := func(r source.Range, err error) {
		mu.Lock()
		defer mu.Unlock()
		if failed == nil {
			failed = err
		}
		done += r.Len()
		if e.options.Progress != nil && err == nil {
			e.options.Progress(done, len(sums))
		}
	}
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			var read source.Columns
			shower := make([]float32, e.fields[0].Size())
			for r, ok := take(); ok; r, ok = take() {
				finish(r, e.sumsOf(sums[r.From:r.To], &read, shower, r))
			}
		})
	}
	group.Wait()
	return sums, failed
}

// sumsOf sums the cells of some rows.
func (e *events) sumsOf(sums []float32, read *source.Columns, shower []float32, rows source.Range) error {
	if err := e.Source.Read(read, rows); err != nil {
		return err
	}
	for i := range sums {
		source.Float32s(shower, read.Row(0, i), read.Fields()[0].Kind)
		sums[i] = e.options.cut(shower)
	}
	return nil
}
