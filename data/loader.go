package data

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"

	"github.com/cascade-hpc/cascade/data/source"
)

// Loader delivers the batches of a pipeline, made ahead of their use by its
// workers. Which rows are in a batch depends on its position alone. A loader
// serves one goroutine; only Stats may be called by others meanwhile.
type Loader struct {
	plan    *plan
	owned   bool // the source
	batches []*Batch
	cache   *cache
	meter   *meter

	engine  *engine // nil before the first Next and after Seek
	at      Position
	skipped int   // since the last Seek
	err     error // of the step at
}

// Loader opens the source and checks the pipeline against it; all mistakes in
// calls that can be known before are reported together. Workers start with the
// first Next. Errors: those of package source.
func (p Pipeline) Loader() (*Loader, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	src, owned, err := p.open()
	if err != nil {
		return nil, err
	}
	plan, err := newPlan(p, src)
	if err != nil {
		if owned {
			err = errors.Join(err, src.Close())
		}
		return nil, err
	}
	l := &Loader{plan: plan, owned: owned, meter: newMeter(src, plan.queue), cache: newCache(plan.kept(p.cache), len(plan.order.blocks))}
	for range plan.queue + 1 { // one is with the user
		l.batches = append(l.batches, newBatch(plan.chain.fields(), plan.batch))
	}
	return l, nil
}

// Fields are those of every batch.
func (l *Loader) Fields() []source.Field { return l.plan.chain.fields() }

// Rows is the number of rows of an epoch, on all ranks.
func (l *Loader) Rows() int { return l.plan.order.rows() }

// Steps is the number of batches of a whole epoch, the same on every rank.
func (l *Loader) Steps() int {
	n := l.plan.global()
	return (l.plan.end(0) + n - 1) / n
}

// Position is that of the next batch.
func (l *Loader) Position() Position { return l.at }

// Stats is what the loader did so far.
func (l *Loader) Stats() Stats { return l.meter.read() }

// Next delivers the next batch; after an epoch comes the next, without end. The
// batch before must not be used any more. An error comes at the step of the row
// that is at fault, and again in every call until Seek. When ctx ends, Next
// returns its error, and the batch may be asked for again.
func (l *Loader) Next(ctx context.Context) (*Batch, error) {
	if l.err != nil {
		return nil, l.err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	default:
	}
	entered := l.meter.enter()
	if l.engine == nil {
		l.engine = newEngine(l.plan, l.at, l.batches, l.meter, l.cache)
	}
	b, waited, err := l.engine.next(ctx)
	l.meter.leave(entered, waited, b)
	if err != nil {
		return nil, err
	}
	if l.skipped += b.skipped; b.err == nil && b.skipped > 0 && l.skipped > l.plan.skip {
		b.err = fmt.Errorf("data: %w: %d where Skip allows %d, among them %w", ErrSkipped, l.skipped, l.plan.skip, b.firstRefused())
	}
	if b.err != nil {
		l.stop()
		l.err = b.err
		return nil, l.err
	}
	l.at = b.Next
	return b, nil
}

// Epoch goes through the batches from the position to the end of its epoch. It
// ends after an error.
func (l *Loader) Epoch(ctx context.Context) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		for epoch := l.at.Epoch; l.at.Epoch == epoch; {
			b, err := l.Next(ctx)
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// At delivers the batch of a step of an epoch, for loops that count themselves.
// Calls for one step after the other are as fast as Next; others Seek.
func (l *Loader) At(ctx context.Context, epoch, step int) (*Batch, error) {
	if step < 0 || step >= l.Steps() {
		return nil, fmt.Errorf("data: Loader: %w: step %d of %d", source.ErrRange, step, l.Steps())
	}
	if to := (Position{Epoch: epoch, Row: step * l.plan.global()}); to != l.at {
		if err := l.Seek(to); err != nil {
			return nil, err
		}
	}
	return l.Next(ctx)
}

// Seek goes to a position, such as the Next of a batch of an earlier run, on any
// number of ranks. Where the epoch has no batch left there, it goes to the next.
// Batches that are ready are thrown away, and an error is forgotten. Errors:
// source.ErrRange, and os.ErrClosed after Close.
func (l *Loader) Seek(to Position) error {
	if errors.Is(l.err, os.ErrClosed) {
		return l.err
	}
	if err := l.plan.checkPosition(to); err != nil {
		return err
	}
	l.stop()
	l.at, l.skipped, l.err = l.plan.settled(to), 0, nil
	return nil
}

func (l *Loader) stop() {
	if l.engine != nil {
		l.engine.stop()
		l.engine = nil
	}
}

// Close stops the workers, as soon as they have finished what they are reading,
// and closes the files that Open opened. A second call does nothing.
func (l *Loader) Close() error {
	if errors.Is(l.err, os.ErrClosed) {
		return nil
	}
	l.stop()
	l.err = fmt.Errorf("data: Loader: %w", os.ErrClosed)
	if l.owned {
		return l.plan.src.Close()
	}
	return nil
}
