package ops

import (
	"runtime"
	"sync/atomic"
	"time"
)

// The pool's state counts in its lower half the helpers that are at a task, and in
// its upper half the times that a task was opened or closed: it is odd there while one
// is open. A helper joins by adding one, which tells it at the same time whether there
// is something to join. So a task never waits for a helper that has not begun: on a
// busy machine that may take milliseconds.
const turn = 1 << 32

func isOpen(state uint64) bool { return state&turn != 0 }

// serve is the life of a helper. It is locked to a thread: the thread can be pinned, and
// a goroutine that stays on its thread joins sooner. Go ends the thread with it, so
// nobody inherits the pin.
func (p *Pool) serve(worker int) {
	runtime.LockOSThread()
	if p.cores != nil {
		pin(p.cores[worker])
	}
	var seen uint64 // the turn of the last task
	h := &p.helpers[worker-1]
	h.happened = func() bool {
		s := p.state.Load()
		return isOpen(s) && s/turn != seen || p.closed.Load()
	}
	for {
		h.wait(p.blockTime, p.crowd)
		if p.closed.Load() {
			return
		}
		if s := p.state.Add(1); isOpen(s) {
			seen = s / turn
			p.call(worker)
			p.drain(worker)
		}
		if s := p.state.Add(^uint64(0)); uint32(s) == 0 && !isOpen(s) {
			p.caller.rouse()
		}
	}
}

// called is how many others each worker calls to a task, if they sleep. To wake one takes
// about a microsecond, so that a single worker would be long about calling a hundred.
const called = 4

// call calls the worker's share of those for whom there are parts.
func (p *Pool) call(worker int) {
	first := called*worker + 1
	for w := first; w < first+called && w < p.workers && int64(w) < p.parts; w++ {
		p.helpers[w-1].rouse()
	}
}

// waiter waits for something to happen: for a while awake, since waking up takes
// longer than most tasks, and then asleep.
type waiter struct {
	happened func() bool
	asleep   atomic.Bool
	wake     chan struct{}
	_        [Align]byte // each worker's is in a cache line of its own
}

const (
	// looks is how often a waiter looks before it reads the clock: for about 0.3 µs.
	looks = 200

	// yieldTime is how long a waiter keeps a processor of Go's to itself. To yield it
	// costs a goroutine that is locked to its thread some 20 µs.
	yieldTime = time.Millisecond
)

// wait returns when it happened. Who is woken and comes too late stays awake for what
// follows.
func (w *waiter) wait(blockTime time.Duration, crowd bool) {
	for !w.watch(blockTime, crowd) {
		w.asleep.Store(true)
		// What happens from here on is followed by a rouse that sees the sleeper.
		if w.happened() && w.asleep.CompareAndSwap(true, false) {
			return
		}
		<-w.wake
	}
}

// watch looks until it happened, or the block time is over. In a crowd, where there are
// more workers than processors, those who are awake let others run.
func (w *waiter) watch(blockTime time.Duration, crowd bool) bool {
	if w.happened() || blockTime <= 0 {
		return w.happened()
	}
	start := time.Now()
	for t, yielded := start, start; t.Sub(start) < blockTime; t = time.Now() {
		if crowd || t.Sub(yielded) >= yieldTime {
			runtime.Gosched() // to goroutines
			yieldThread()     // and to threads, where Go has more of them than the machine has cores
			yielded = t
		}
		for range looks {
			if w.happened() {
				return true
			}
		}
	}
	return false
}

// rouse wakes the waiter if it sleeps. It is called after what it waits for happened.
func (w *waiter) rouse() {
	if w.asleep.Load() && w.asleep.CompareAndSwap(true, false) {
		w.wake <- struct{}{}
	}
}
