package data

import (
	"context"
	"slices"
	"sync"

	"github.com/cascade-hpc/cascade/data/source"
)

// engine makes the batches from a position on. Workers take what there is to do
// under one lock: working out the next window, so that what it shares with the
// last is kept; else filling slots of the earliest batch whose blocks are there;
// else decoding blocks in the order in which they will be used. What is in a batch
// depends on none of that.
type engine struct {
	*plan
	meter *meter
	cache *cache
	done  sync.WaitGroup
	ready chan struct{} // the batch in front may be complete

	mu      sync.Mutex // guards the rest
	work    sync.Cond  // there may be something to do
	stopped bool

	course   *course
	planning bool
	planned  bool      // no window will come any more
	windows  []*window // in the order of use
	at       Position  // of the next batch to lay
	queue    []*Batch  // laid, the next to deliver in front; the last perhaps in part
	idle     []*Batch
	held     *Batch // by the user
	segment  int    // slots of a segment, at most

	live     []*block // of each id: the block in memory, if a window needs it
	used     int64    // memory of blocks, without those of the cache
	decoding int      // blocks being decoded
	filling  int      // segments being filled
	spare    spare
}

// spare is memory to use again.
type spare struct {
	windows []*window
	blocks  []*block
	columns []*source.Columns
}

func newEngine(p *plan, start Position, batches []*Batch, m *meter, c *cache) *engine {
	e := &engine{
		plan: p, meter: m, cache: c, ready: make(chan struct{}, 1),
		course: newCourse(p, start), at: start, idle: slices.Clone(batches), live: make([]*block, len(p.order.blocks)),
		segment: max(1, (p.batch+2*p.workers-1)/(2*p.workers)),
	}
	e.work.L = &e.mu
	e.lay()
	e.done.Add(p.workers)
	for range p.workers {
		go e.run(newHand(p.chain))
	}
	return e
}

// run is a worker.
func (e *engine) run(h *hand) {
	defer e.done.Done()
	e.mu.Lock()
	defer e.mu.Unlock()
	for !e.stopped {
		if !e.planOne() && !e.fillOne(h) && !e.decodeOne() {
			e.work.Wait()
		}
	}
}

// stop ends the workers. What they are reading they finish.
func (e *engine) stop() {
	e.mu.Lock()
	e.stopped = true
	e.work.Broadcast()
	e.mu.Unlock()
	e.done.Wait()
}

// next delivers a batch and takes the one before back. waited says whether it was
// not ready.
func (e *engine) next(ctx context.Context) (b *Batch, waited bool, err error) {
	e.mu.Lock()
	if e.held != nil {
		e.idle = append(e.idle, e.held)
		e.held = nil
		e.lay()
		e.work.Broadcast()
	}
	for len(e.queue) == 0 || !e.queue[0].complete {
		waited = true
		e.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, waited, ctx.Err()
		case <-e.ready:
		}
		e.mu.Lock()
	}
	defer e.mu.Unlock()
	b = e.queue[0]
	e.queue = slices.Delete(e.queue, 0, 1)
	e.held = b
	e.meter.queued(e.completed())
	return b, waited, nil
}

// completed is the number of batches that could be delivered at once.
func (e *engine) completed() int {
	n := 0
	for n < len(e.queue) && e.queue[n].complete {
		n++
	}
	return n
}

// wake says that the batch in front may be complete.
func (e *engine) wake() {
	select {
	case e.ready <- struct{}{}:
	default:
	}
}

// lay gives slots of batches their rows, as far as there are batches and windows.
func (e *engine) lay() {
	for {
		n := len(e.queue)
		if n == 0 || e.queue[n-1].laid == e.batch {
			if len(e.idle) == 0 {
				return
			}
			b := e.idle[len(e.idle)-1]
			e.idle = e.idle[:len(e.idle)-1]
			e.begin(b)
			e.queue = append(e.queue, b)
			n++
		}
		if !e.laySlots(e.queue[n-1]) {
			return
		}
	}
}

func (e *engine) begin(b *Batch) {
	b.Position, b.Next = e.at, e.after(e.at)
	e.at = b.Next
	b.Valid, b.laid, b.pending, b.complete, b.skipped, b.err = 0, 0, 0, false, 0, nil
	b.segments = b.segments[:0]
}

// laySlots lays segments until the batch is full, or a window is missing.
func (e *engine) laySlots(b *Batch) bool {
	end := e.end(e.course.base(b.Position.Epoch))
	for b.laid < e.batch {
		g := segment{from: b.laid, to: b.laid, reached: b.laid}
		for last := min(e.batch, b.laid+e.segment); g.to < last && e.laySlot(b, &g, end); g.to++ {
		}
		if g.to == g.from {
			return false
		}
		b.laid = g.to
		b.segments = append(b.segments, g)
		b.pending++
	}
	return true
}

// laySlot finds the row, or padding, for the slot after those of a segment. It
// returns false where another segment has to begin: rows of another window, or
// padding behind rows. An empty segment has to wait for its window.
func (e *engine) laySlot(b *Batch, g *segment, end int) bool {
	i := g.to
	q := e.slot(b.Position.Row, i)
	if q >= end {
		b.slots[i], b.Rows[i] = slot{}, -1
		return g.window == nil
	}
	if g.window == nil {
		g.window = e.windowOf(b.Position.Epoch, q)
	}
	if g.window == nil || q >= g.window.end {
		return false
	}
	p := g.window.at(q)
	block := g.window.blocks[p.block]
	b.slots[i], b.Rows[i] = slot{block, int(p.row)}, block.rows.From+int(p.row)
	return true
}

func (e *engine) windowOf(epoch, position int) *window {
	for _, w := range e.windows {
		if w.epoch == epoch && position >= w.start && position < w.end {
			return w
		}
	}
	return nil
}
