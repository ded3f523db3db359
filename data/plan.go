package data

import (
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/cascade-hpc/cascade/data/source"
)

// plan is what a pipeline comes to for the source that it opened.
type plan struct {
	src        source.Source
	order      *order
	chain      *chain
	rowBytes   int64 // of a row of the source in memory, or about so
	batch      int
	rank, size int
	policy     Policy
	skips      bool
	skip       int
	budget     int64
	workers    int
	queue      int
}

func newPlan(p Pipeline, src source.Source) (*plan, error) {
	c, err := newChain(p, src)
	if err != nil {
		return nil, err
	}
	if err := checkBatch(p, c); err != nil {
		return nil, err
	}
	s, err := newSelection(src, p.split)
	if err != nil {
		return nil, err
	}
	if p.policy == Drop && p.batch > s.rows()/p.size {
		return nil, fmt.Errorf("data: Batch: %w: %d rows are too few for a batch of %d on %d ranks, and Drop leaves nothing", source.ErrRange, s.rows(), p.batch, p.size)
	}
	row, err := rowBytes(src)
	if err != nil {
		return nil, err
	}
	workers := p.workers
	if workers == 0 {
		workers = min(runtime.GOMAXPROCS(0), mostWorkers)
	}
	return &plan{
		src: src, chain: c, rowBytes: row, order: newOrder(s, p.shuffle, p.seed, row, p.budget/2),
		batch: p.batch, rank: p.rank, size: p.size, policy: p.policy, skips: p.skips, skip: p.skip,
		budget: p.budget, workers: workers, queue: p.queue,
	}, nil
}

func checkBatch(p Pipeline, c *chain) error {
	row := 1
	for _, f := range c.fields() {
		row += f.RowBytes()
	}
	if p.batch > math.MaxInt/(p.queue+1)/row {
		return fmt.Errorf("data: Batch: %w: %d rows of %d bytes are more than can be addressed", source.ErrRange, p.batch, row)
	}
	return nil
}

// rowBytes is the memory of a row as stored. Strings take what they take on
// average in the first extent, if that is not damaged. Errors: those of reading it.
func rowBytes(src source.Source) (int64, error) {
	var bytes int64
	ragged := false
	for _, f := range src.Fields() {
		bytes += int64(f.RowBytes())
		ragged = ragged || f.Kind == source.Bytes
	}
	if extents := src.Extents(); ragged && len(extents) > 0 {
		var first source.Columns
		p := plan{src: src}
		switch err := p.readRows(&first, extents[0]); {
		case err == nil:
			return max(1, first.Bytes()/int64(extents[0].Len())), nil
		case !errors.Is(err, source.ErrCorrupt):
			return 0, err // by chance: the order must not follow it
		}
		bytes += 64 << 10
	}
	return max(1, bytes), nil
}

// kept is the memory for blocks over epochs. What is one window needs no more than
// the budget has for it, and would be read again only to lie there again.
func (p *plan) kept(cache int64) int64 {
	if p.order.windows == 1 {
		return max(cache, p.budget/2)
	}
	return cache
}

// global is the number of rows of a batch on all ranks.
func (p *plan) global() int { return p.batch * p.size }

// end is the position at which an epoch that begins at base is over.
func (p *plan) end(base int) int {
	rows := p.order.rows()
	if p.policy == Pad {
		return rows
	}
	return base + (rows-base)/p.global()*p.global()
}

// slot is the position of a slot of the batch that begins at first: ranks take
// turns in a shuffled order, and neighbours in the stored one.
func (p *plan) slot(first, slot int) int {
	if p.order.shuffle {
		return first + slot*p.size + p.rank
	}
	return first + p.rank*p.batch + slot
}

// mine says whether a position, in an epoch that begins at base, is in a batch
// of this rank.
func (p *plan) mine(base, position int) bool {
	if p.order.shuffle {
		return (position-base)%p.size == p.rank
	}
	return (position-base)/p.batch%p.size == p.rank
}

// settled is the position where the batch at p begins: the next epoch, if this
// one has no batch left.
func (p *plan) settled(at Position) Position {
	if p.end(at.Row) <= at.Row {
		return Position{Epoch: at.Epoch + 1}
	}
	return at
}

// after is the position after the batch at a settled position.
func (p *plan) after(at Position) Position {
	at.Row = min(at.Row+p.global(), p.order.rows())
	return p.settled(at)
}

// checkPosition refuses what no loader can be at.
func (p *plan) checkPosition(at Position) error {
	if at.Epoch < 0 || uint64(at.Epoch) > math.MaxUint32 || at.Row < 0 || at.Row > p.order.rows() {
		return fmt.Errorf("data: %w: epoch %d, row %d of %d", source.ErrRange, at.Epoch, at.Row, p.order.rows())
	}
	return nil
}
