package shm

import (
	"sync/atomic"
	"unsafe"
)

// How often a process looks for the others before it sleeps: some microseconds, as long as
// those are apart that have shared their work evenly, so that who computes on the same
// core is not kept waiting; and for those that it has just woken, the tens of microseconds
// in which they get up. If it slept then, it would be the next to be late, and so on.
const (
	spins      = 4000
	spinsAwake = 100_000
)

// BarrierBytes is what a barrier needs, zeroed, at a multiple of 64 bytes.
const BarrierBytes = 3 * 64

// Barrier lets processes wait for each other, again and again.
type Barrier struct {
	n        uint32
	arrived  *atomic.Uint32 // in this turn
	turn     *atomic.Uint32 // how often all have come
	sleepers *atomic.Uint32
	woke     bool // this process has woken others in the last turn
}

// NewBarrier is the barrier of n processes in memory that they share.
func NewBarrier(memory []byte, n int) *Barrier {
	word := func(line int) *atomic.Uint32 { return (*atomic.Uint32)(unsafe.Pointer(&memory[64*line])) }
	return &Barrier{n: uint32(n), arrived: word(0), turn: word(1), sleepers: word(2)}
}

// Wait returns when all have called it.
func (b *Barrier) Wait() {
	turn := b.turn.Load()
	if b.arrived.Add(1) == b.n {
		b.arrived.Store(0)
		b.turn.Add(1)
		b.woke = b.sleepers.Load() > 0
		if b.woke {
			wake(b.turn)
		}
		return
	}
	patience := spins
	if b.woke {
		patience = spinsAwake
	}
	b.woke = false
	for range patience {
		if b.turn.Load() != turn {
			return
		}
	}
	b.sleepers.Add(1)
	for b.turn.Load() == turn {
		sleep(b.turn, turn)
	}
	b.sleepers.Add(^uint32(0))
}
