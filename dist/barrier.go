package dist

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// spins is how often a rank looks for the others before it sleeps: some microseconds, as
// long as ranks that have shared their work evenly are apart.
const spins = 2000

// barrier lets goroutines wait for each other, again and again.
type barrier struct {
	n       int
	arrived atomic.Int64
	turn    atomic.Uint64 // how often all have come
	broken  atomic.Bool

	mu    sync.Mutex
	awake sync.Cond
}

func newBarrier(n int) *barrier {
	b := &barrier{n: n}
	b.awake.L = &b.mu
	return b
}

// wait returns true when all have come, false when somebody will never.
func (b *barrier) wait() bool {
	turn := b.turn.Load()
	if b.broken.Load() {
		return false
	}
	if b.arrived.Add(1) == int64(b.n) {
		b.arrived.Store(0)
		b.mu.Lock()
		b.turn.Add(1)
		b.mu.Unlock()
		b.awake.Broadcast()
		return true
	}
	for i := range spins {
		if b.turn.Load() != turn {
			return true
		}
		if b.n > runtime.GOMAXPROCS(0) || i%32 == 31 {
			runtime.Gosched()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.turn.Load() == turn && !b.broken.Load() {
		b.awake.Wait()
	}
	return b.turn.Load() != turn
}

// fail wakes all who wait, and all who will.
func (b *barrier) fail() {
	b.mu.Lock()
	b.broken.Store(true)
	b.mu.Unlock()
	b.awake.Broadcast()
}
