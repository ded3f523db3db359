package main

import (
	"context"
	"runtime"
	"sync"

	"github.com/cascade-hpc/cascade/data/source"
)

// piece is an extent of a source with its rows, or why they could not be read.
type piece struct {
	rows    source.Range
	columns *source.Columns
	err     error
}

// scan reads all rows of a source, several extents at once, and hands them to
// visit in order, which must not keep the columns. It ends at the first error.
func scan(ctx context.Context, src source.Source, visit func(source.Range, *source.Columns) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait() // none reads from src when this returns
	defer cancel()
	ahead := 2 * runtime.GOMAXPROCS(0)
	free := make(chan *source.Columns, ahead)
	for range ahead {
		free <- new(source.Columns)
	}
	queue := make(chan chan piece, ahead) // in the order of the rows
	readers.Go(func() {
		defer close(queue)
		for _, rows := range src.Extents() {
			select {
			case c := <-free:
				done := make(chan piece, 1)
				readers.Go(func() { done <- piece{rows, c, src.Read(c, rows)} })
				queue <- done // never blocks: there are as many places as columns
			case <-ctx.Done():
				return
			}
		}
	})
	for done := range queue {
		p := <-done
		if p.err == nil {
			p.err = ctx.Err()
		}
		if p.err == nil {
			p.err = visit(p.rows, p.columns)
		}
		if p.err != nil {
			return p.err
		}
		free <- p.columns
	}
	return ctx.Err()
}
