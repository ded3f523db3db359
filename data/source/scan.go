package source

import (
	"context"
	"runtime"
	"sync"
)

// piece is an extent of a source with its rows, or why they could not be read.
type piece struct {
	rows    Range
	columns *Columns
	err     error
}

// Scan reads all rows of a source, several extents at once, and hands them to
// visit in order, which must not keep the columns. It ends at the first error, of
// the source, of visit or of ctx.
func Scan(ctx context.Context, src Source, visit func(Range, *Columns) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait() // none reads from src when this returns
	defer cancel()
	ahead := 2 * runtime.GOMAXPROCS(0)
	free := make(chan *Columns, ahead)
	for range ahead {
		free <- new(Columns)
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
