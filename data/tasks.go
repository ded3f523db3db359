package data

import "slices"

// The tasks of a worker. Each is called with the lock held, gives it up while it
// works, and says whether there was anything to do.

// fillOne fills a segment whose blocks are there, of the earliest batch that has
// one.
func (e *engine) fillOne(h *hand) bool {
	b, g := e.fillable()
	if g == nil {
		return false
	}
	g.taken = true
	e.filling++
	work := *g // segments may move while more are laid
	e.mu.Unlock()
	e.fill(h, b, &work)
	e.mu.Lock()
	e.filling--
	e.give(b, &work)
	if b.pending--; b.pending == 0 && b.laid == e.batch {
		e.mu.Unlock()
		e.settle(b)
		e.mu.Lock()
		b.complete = true
		e.meter.queued(e.completed())
		e.wake()
	}
	e.work.Broadcast()
	return true
}

func (e *engine) fillable() (*Batch, *segment) {
	for _, b := range e.queue {
		for i := range b.segments {
			if g := &b.segments[i]; !g.taken && g.ready(b.slots) {
				return b, g
			}
		}
	}
	return nil, nil
}

// give gives up the blocks of a segment that is filled, and its window after the
// last one.
func (e *engine) give(b *Batch, g *segment) {
	if g.window == nil {
		return
	}
	for i := g.from; i < g.to; i++ {
		s := &b.slots[i]
		if s.block.places--; s.block.places == 0 {
			e.free(s.block)
		}
		s.block = nil
	}
	if g.window.left -= g.to - g.from; g.window.left == 0 {
		e.windows = slices.DeleteFunc(e.windows, func(w *window) bool { return w == g.window })
		e.spare.windows = append(e.spare.windows, g.window)
	}
}

// planOne works out the next window. Two are known at a time: one that batches are
// made of, and one that is being decoded.
func (e *engine) planOne() bool {
	if e.planning || e.planned || len(e.windows) > 1 {
		return false
	}
	w := reuse(&e.spare.windows)
	e.planning = true
	e.mu.Unlock()
	found := e.course.window(w)
	e.mu.Lock()
	e.planning = false
	if e.planned = !found; found {
		e.attach(w)
		e.windows = append(e.windows, w)
		e.lay()
	}
	e.work.Broadcast()
	return true
}

// attach finds the blocks of a window: in memory, in the cache, or to be decoded.
func (e *engine) attach(w *window) {
	w.blocks = append(w.blocks[:0], make([]*block, len(w.ids))...)
	for _, i := range w.need {
		id := int(w.ids[i])
		b := e.live[id]
		if b == nil {
			b = e.newBlock(id)
			e.live[id] = b
		} else {
			e.meter.reuse(b.bytes)
		}
		b.places += w.places[i]
		w.blocks[i] = b
	}
}

func (e *engine) newBlock(id int) *block {
	b := reuse(&e.spare.blocks)
	*b = block{id: id, rows: e.order.blocks[id]}
	b.bytes = int64(b.rows.Len()) * e.rowBytes
	if c := e.cache.get(id); c != nil {
		b.columns, b.state, b.cached, b.bytes = c, decoded, true, c.Bytes()
		e.meter.reuse(b.bytes)
	}
	return b
}

// decodeOne decodes the block that is used first of those that are not decoded,
// if the budget has room for it. It has where a batch waits for the block and
// nothing else is under way that could make room.
func (e *engine) decodeOne() bool {
	b := e.undecoded()
	if b == nil {
		return false
	}
	if e.used+b.bytes > e.budget && e.used > 0 && !e.starved() {
		return false
	}
	b.state = decoding
	e.used += b.bytes
	e.decoding++
	columns := reuse(&e.spare.columns)
	e.mu.Unlock()
	took := e.read(b, columns)
	e.mu.Lock()
	e.decoding--
	e.used += columns.Bytes() - b.bytes
	b.state, b.bytes = decoded, columns.Bytes()
	e.meter.decode(b.bytes, took)
	if b.err == nil && b.bad == nil && e.cache.put(b.id, columns) {
		b.cached = true
		e.used -= b.bytes
	}
	e.work.Broadcast()
	return true
}

func (e *engine) undecoded() *block {
	for _, w := range e.windows {
		for ; w.next < len(w.need); w.next++ {
			if b := w.blocks[w.need[w.next]]; b.state == waiting {
				return b
			}
		}
	}
	return nil
}

// starved says whether a batch waits for a block and no worker is at anything.
func (e *engine) starved() bool {
	if e.decoding+e.filling > 0 || e.planning {
		return false
	}
	for _, b := range e.queue {
		for i := range b.segments {
			if !b.segments[i].taken {
				return true
			}
		}
	}
	return false
}

// free gives up a block that no batch needs any more.
func (e *engine) free(b *block) {
	e.live[b.id] = nil
	if !b.cached {
		e.used -= b.bytes
		e.spare.columns = append(e.spare.columns, b.columns)
	}
	b.columns = nil
	e.spare.blocks = append(e.spare.blocks, b)
}

// reuse takes the last of what is spare, or makes one.
func reuse[T any](spare *[]*T) *T {
	n := len(*spare)
	if n == 0 {
		return new(T)
	}
	last := (*spare)[n-1]
	*spare = (*spare)[:n-1]
	return last
}
