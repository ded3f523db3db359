package data

import (
	"fmt"
	"slices"
	"sync"

	"github.com/cascade-hpc/cascade/data/source"
)

// Plan says which rows make up which batch.
type Plan struct {
	Batch   int          // rows in a batch, at least 1
	Rows    source.Range // the rows to use; the zero Range is all of them
	Shuffle bool         // visit the rows in the order of Shuffle(Seed, epoch, …), else as stored
	Seed    uint64       // of the shuffle
	Block   int          // neighbouring rows that stay together in a shuffle; see Shuffle
	// DropLast leaves out the last batch of an epoch when it would be short.
	DropLast bool
	// AllowNotFinite lets NaN and infinities through. By default they are an
	// error that names the file, the data set and the row.
	AllowNotFinite bool
}

// Batches deals the rows of a source out in batches. It has no position: which
// rows are in a batch depends on the plan, the epoch and the step alone, so
// training resumes anywhere by asking for the next step. Read may be called by
// several goroutines at once.
type Batches struct {
	src  source.Source
	plan Plan

	mu    sync.Mutex // guards the rest
	epoch int        // whose order is kept
	order []int
	free  []*scratch
}

// scratch is what one Read needs; kept, so that reading does not allocate.
type scratch struct {
	index []int
	runs  []run
}

// NewBatches checks the plan against the source. Errors: source.ErrRange.
func NewBatches(src source.Source, plan Plan) (*Batches, error) {
	rows, err := resolve(plan.Rows, src.Rows())
	if err != nil {
		return nil, fmt.Errorf("data: Batches: %w", err)
	}
	plan.Rows = rows
	if plan.Batch < 1 {
		return nil, fmt.Errorf("data: Batches: %w: a batch of %d rows", source.ErrRange, plan.Batch)
	}
	if plan.DropLast && plan.Batch > rows.Len() {
		return nil, fmt.Errorf("data: Batches: %w: a batch of %d rows from %d rows, and DropLast leaves none", source.ErrRange, plan.Batch, rows.Len())
	}
	return &Batches{src: src, plan: plan, epoch: -1}, nil
}

// Steps is the number of batches in an epoch.
func (b *Batches) Steps() int {
	if b.plan.DropLast {
		return b.plan.Rows.Len() / b.plan.Batch
	}
	return blocks(b.plan.Rows.Len(), b.plan.Batch)
}

// Size is the number of rows in the batch of a step: Plan.Batch, or fewer in the
// last step, or 0 where there is no such step.
func (b *Batches) Size(step int) int {
	if step < 0 || step >= b.Steps() {
		return 0
	}
	return min(b.plan.Batch, b.plan.Rows.Len()-step*b.plan.Batch)
}

// Index appends to rows the row numbers, in the source, of a batch in the order
// in which Read puts them.
func (b *Batches) Index(rows []int, epoch, step int) ([]int, error) {
	n := b.Size(step)
	if n == 0 || epoch < 0 || uint64(epoch) > 1<<32-1 {
		return rows, fmt.Errorf("data: Batches: %w: epoch %d, step %d of %d", source.ErrRange, epoch, step, b.Steps())
	}
	first := step * b.plan.Batch
	if !b.plan.Shuffle {
		for i := range n {
			rows = append(rows, b.plan.Rows.From+first+i)
		}
		return rows, nil
	}
	for _, row := range b.shuffled(epoch)[first : first+n] {
		rows = append(rows, b.plan.Rows.From+row)
	}
	return rows, nil
}

// shuffled keeps the order of one epoch: making it takes time in proportion to
// all rows. A slice once handed out is never written again.
func (b *Batches) shuffled(epoch int) []int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.epoch != epoch {
		b.order = Shuffle(b.plan.Seed, epoch, b.plan.Rows.Len(), b.plan.Block)
		b.epoch = epoch
	}
	return b.order
}

// Read fills the first Size(step) rows of each field in dst, whose slices hold
// at least that many rows, and returns that number. Rows that are neighbours are
// read together, in the order in which they are stored. After an error the
// contents of dst are undefined. Errors: source.ErrRange, source.ErrMissing, source.ErrNotFinite,
// and those of Source.ReadRows.
func (b *Batches) Read(epoch, step int, dst map[string][]float32) (int, error) {
	t := b.borrow()
	defer b.giveBack(t)
	var err error
	if t.index, err = b.Index(t.index[:0], epoch, step); err != nil {
		return 0, err
	}
	t.runs = merge(t.runs[:0], t.index)
	for name, rows := range dst {
		if err := b.readField(name, rows, t.runs, len(t.index)); err != nil {
			return 0, err
		}
	}
	return len(t.index), nil
}

func (b *Batches) borrow() *scratch {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.free)
	if n == 0 {
		return new(scratch)
	}
	t := b.free[n-1]
	b.free = b.free[:n-1]
	return t
}

func (b *Batches) giveBack(t *scratch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, t)
}

// run is a number of rows that are neighbours in the source and in the batch.
type run struct {
	row, slot, count int
}

// merge appends to runs what to read for a batch, by ascending row: a file is
// then read forwards, and a chunk that two rows share is decoded once.
func merge(runs []run, index []int) []run {
	for slot, row := range index {
		runs = append(runs, run{row: row, slot: slot, count: 1})
	}
	slices.SortFunc(runs, func(p, q run) int { return p.row - q.row })
	merged := runs[:0]
	for _, r := range runs {
		if k := len(merged) - 1; k >= 0 && merged[k].row+merged[k].count == r.row && merged[k].slot+merged[k].count == r.slot {
			merged[k].count++
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

func (b *Batches) readField(name string, dst []float32, runs []run, n int) error {
	k, err := source.Find(b.src.Fields(), name)
	if err != nil {
		return fmt.Errorf("data: Batches: %w", err)
	}
	f := b.src.Fields()[k]
	size := f.Size()
	if len(dst) < n*size {
		return fmt.Errorf("data: Batches: %w: the destination of %q holds %d elements; %d rows %s need %d", source.ErrRange, name, len(dst), n, source.Tuple(f.Shape), n*size)
	}
	var columns source.Columns
	for _, r := range runs {
		rows := dst[r.slot*size : (r.slot+r.count)*size]
		if err := b.src.Read(&columns, source.Range{From: r.row, To: r.row + r.count}); err != nil {
			return err
		}
		source.Float32s(rows, columns.All(k), f.Kind)
		if b.plan.AllowNotFinite {
			continue
		}
		if i := firstNotFinite(rows); i >= 0 {
			return notFiniteError(b.src.Locate(name, r.row+i/size), f, i%size, rows[i])
		}
	}
	return nil
}
