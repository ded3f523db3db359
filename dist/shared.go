package dist

import (
	"fmt"
	"unsafe"

	"github.com/cascade-hpc/cascade/dist/internal/shm"
)

// shared is memory of the ranks of a machine, in which they add up their vectors. It saves
// what MPI does between processes that could be anywhere, and a rank that waits sleeps,
// where MPI's would keep a core from those who compute.
//
// A vector goes through it in portions. Every rank has a slot for one, shows there what
// the others have to add up, adds up its share of all, and leaves the sum in its slot.
// There are two slots for each: who is ahead fills the second while others still read the
// first.
type shared struct {
	memory     *shm.Memory
	barrier    *shm.Barrier
	rank, size int
	calls      int                // so far, as on the other ranks
	portions   int                // so far
	scratch    [piece / 8]float64 // of any kind
}

// portion is in bytes what a slot holds: few enough for all slots of two ranks to stay in a
// second-level cache, and enough to be worth a barrier or two.
const portion = 128 << 10

// few is in bytes what every rank adds up for itself.
const few = 8 << 10

// notice is what a rank shows of its call, so that those that differ are found. It has a
// cache line of its own.
type notice struct {
	n    int64
	kind kind
	op   Op
	_    [64 - 10]byte
}

// slotsAt is where the slots of so many ranks begin: behind the barrier and two notices of
// each, at a page.
func slotsAt(size int) int { return (shm.BarrierBytes + 2*64*size + 4095) &^ 4095 }

// sharedBytes is the memory that so many ranks need.
func sharedBytes(size int) int { return slotsAt(size) + 2*portion*size }

// notice is that of a rank in the call under way.
func (s *shared) notice(rank int) *notice {
	at := shm.BarrierBytes + 64*(s.calls%2*s.size+rank)
	return (*notice)(unsafe.Pointer(&s.memory.Bytes()[at]))
}

// slot is a rank's, for n elements of a kind.
func (s *shared) slot(rank, n int, k kind) vector {
	at := slotsAt(s.size) + portion*(s.portions%2*s.size+rank)
	return vector{unsafe.Pointer(&s.memory.Bytes()[at]), n, k}
}

// meet waits for the calls of all, and compares them.
func (s *shared) meet(v vector, op Op) error {
	mine := s.notice(s.rank)
	mine.n, mine.kind, mine.op = int64(v.n), v.kind, op
	s.barrier.Wait()
	var err error
	for rank := range s.size {
		if other := s.notice(rank); *other != *mine {
			err = fmt.Errorf("%w: rank %d calls %v, rank %d calls %v", ErrMismatch, s.rank, mine, rank, other)
			break
		}
	}
	s.calls++ // the notices of the next call are others, which nobody reads yet
	return err
}

func (n *notice) String() string {
	if n.op == 0 {
		return "Barrier"
	}
	return call{name: "Allreduce", dst: vector{n: int(n.n), kind: n.kind}, op: n.op, root: noRoot}.String()
}

// wait is a barrier.
func (s *shared) wait() error { return s.meet(vector{}, 0) }

// allreduce combines vectors in the order of ranks: all get the same bits.
func (s *shared) allreduce(v vector, op Op) error {
	step := portion / v.kind.size()
	for from := 0; from < v.n; from += step {
		part := v.part(from, min(from+step, v.n))
		begin, end := s.whole(part)
		s.show(part, begin, end)
		if from > 0 {
			s.barrier.Wait()
		} else if err := s.meet(v, op); err != nil {
			return err
		}
		s.add(part, begin, end, op)
		if end-begin < part.n {
			s.barrier.Wait()
			s.take(part)
		}
		s.portions++
	}
	return nil
}

// whole is what this rank adds up: its share, or all of what is so short that a second
// barrier would take longer. So it is for two ranks at all lengths: instead of the sums of
// the other, each reads its numbers.
func (s *shared) whole(part vector) (begin, end int) {
	if s.size == 2 || part.n*part.kind.size() <= few {
		return 0, part.n
	}
	return part.share(s.rank, s.size), part.share(s.rank+1, s.size)
}

// show copies to this rank's slot what the others add up: all but its share.
func (s *shared) show(part vector, begin, end int) {
	slot := s.slot(s.rank, part.n, part.kind)
	if end-begin == part.n {
		copy(slot.bytes(), part.bytes())
		return
	}
	copy(slot.part(0, begin).bytes(), part.part(0, begin).bytes())
	copy(slot.part(end, part.n).bytes(), part.part(end, part.n).bytes())
}

// add adds up elements begin to end, piece by piece, and leaves a share in the slot, too.
func (s *shared) add(part vector, begin, end int, op Op) {
	step := piece / part.kind.size()
	for from := begin; from < end; from += step {
		to := min(from+step, end)
		sum := part.part(from, to)
		s.addPiece(sum, from, to, op)
		if end-begin < part.n {
			copy(s.slot(s.rank, part.n, part.kind).part(from, to).bytes(), sum.bytes())
		}
	}
}

// addPiece makes a piece of this rank, elements from and to of the portion, that of all. The
// first two may come in any order, which gives the same bits unless both are NaN.
func (s *shared) addPiece(mine vector, from, to int, op Op) {
	other := func(rank int) vector { return s.slot(rank, to, mine.kind).part(from, to) }
	sum, next := mine, 0
	if s.rank > 1 {
		sum, next = vector{vectorOf(s.scratch[:]).p, mine.n, mine.kind}, 1
		copy(sum.bytes(), other(0).bytes())
	}
	for ; next < s.size; next++ {
		switch {
		case next != s.rank:
			combine(sum, other(next), op)
		case s.rank > 1:
			combine(sum, mine, op)
		}
	}
	if s.rank > 1 {
		copy(mine.bytes(), sum.bytes())
	}
}

// take copies what the others have added up.
func (s *shared) take(part vector) {
	for rank := range s.size {
		if rank == s.rank {
			continue
		}
		begin, end := part.share(rank, s.size), part.share(rank+1, s.size)
		copy(part.part(begin, end).bytes(), s.slot(rank, part.n, part.kind).part(begin, end).bytes())
	}
}

func (s *shared) close() error { return s.memory.Close() }
