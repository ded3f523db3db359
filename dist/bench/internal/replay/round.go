package replay

import (
	"fmt"
	"iter"
	"math/bits"
)

// Span is elements Begin to End of the vector that is reduced.
type Span struct{ Begin, End int }

// Len is the number of elements.
func (s Span) Len() int { return s.End - s.Begin }

// Round is what a rank does at once in an allreduce: it sends Send to rank To, while it
// receives Receive from rank From, which it adds to what it has, or puts in its place.
// Nothing is sent, or received, where the span is empty.
type Round struct {
	To, From      int
	Send, Receive Span
	Add           bool
}

// Algorithm is an allreduce of n elements among ranks 0 to size-1: the rounds of one rank
// in their order. Behind the last, all ranks have the sum of all.
type Algorithm func(rank, size, n int) iter.Seq[Round]

// part is element range i of p parts of a span, whose lengths differ by one at most.
func (s Span) part(i, p int) Span {
	return Span{s.Begin + s.Len()*i/p, s.Begin + s.Len()*(i+1)/p}
}

// Ring is p-1 rounds in which parts go around and are added up, and p-1 in which the sums
// go around (Patarasuk and Yuan, J. Parallel Distrib. Comput. 69, 2009): of n bytes every
// rank sends 2n(p-1)/p, which is the least there can be, in 2(p-1) messages.
func Ring(rank, size, n int) iter.Seq[Round] {
	whole := Span{0, n}
	return func(yield func(Round) bool) {
		to, from := (rank+1)%size, (rank+size-1)%size
		for i := range 2 * (size - 1) {
			// Part rank is sent first; what is received is what is sent next.
			at := rank - i + 2*size
			r := Round{to, from, whole.part(at%size, size), whole.part((at-1)%size, size), i < size-1}
			if !yield(r) {
				return
			}
		}
	}
}

// Halving is recursive halving, then recursive doubling: Rabenseifner's algorithm (Thakur,
// Rabenseifner and Gropp, Int. J. High Perform. Comput. Appl. 19, 2005, section 4.4), which
// Open MPI and MPICH use for vectors of this size. It sends as much as [Ring], in 2 lg p
// messages, the largest to the nearest rank. size must be a power of two.
func Halving(rank, size, n int) iter.Seq[Round] {
	return func(yield func(Round) bool) {
		mine := Span{0, n}
		var larger []Span // what mine was before each halving
		for mask := 1; mask < size; mask <<= 1 {
			keep, give := mine.halves(rank&mask != 0)
			if !yield(Round{rank ^ mask, rank ^ mask, give, keep, true}) {
				return
			}
			larger, mine = append(larger, mine), keep
		}
		for mask := size >> 1; mask > 0; mask >>= 1 {
			last := len(larger) - 1
			_, other := larger[last].halves(rank&mask != 0)
			if !yield(Round{rank ^ mask, rank ^ mask, mine, other, false}) {
				return
			}
			larger, mine = larger[:last], larger[last]
		}
	}
}

// halves are the lower and the upper half, or the other way round.
func (s Span) halves(upperFirst bool) (first, second Span) {
	if upperFirst {
		return s.part(1, 2), s.part(0, 2)
	}
	return s.part(0, 2), s.part(1, 2)
}

// Layered reduces as dist.Hierarchical does among groups of near ranks, near at a time: a
// group's ranks add up, each a piece, far reduces a piece among the ranks of its number in
// all groups, and the group's ranks exchange their pieces.
func Layered(far Algorithm, near int) Algorithm {
	return func(rank, size, n int) iter.Seq[Round] {
		return func(yield func(Round) bool) {
			whole, first, me := Span{0, n}, rank-rank%near, rank%near
			piece := whole.part(me, near)
			for i := 1; i < near; i++ {
				to, from := (me+i)%near, (me+near-i)%near
				if !yield(Round{first + to, first + from, whole.part(to, near), piece, true}) {
					return
				}
			}
			for r := range far(rank/near, size/near, piece.Len()) {
				r.To, r.From = r.To*near+me, r.From*near+me
				r.Send, r.Receive = r.Send.shift(piece.Begin), r.Receive.shift(piece.Begin)
				if !yield(r) {
					return
				}
			}
			for i := 1; i < near; i++ {
				to, from := (me+i)%near, (me+near-i)%near
				if !yield(Round{first + to, first + from, piece, whole.part(from, near), false}) {
					return
				}
			}
		}
	}
}

func (s Span) shift(by int) Span { return Span{s.Begin + by, s.End + by} }

// named are the algorithms by name.
var named = map[string]Algorithm{"ring": Ring, "halving": Halving}

// algorithm is the one of that name among nodes of so many ranks.
func algorithm(name string, nodes, workers int, layered bool) (Algorithm, error) {
	a, ok := named[name]
	if !ok {
		return nil, fmt.Errorf("replay: there is no algorithm %q: ring and halving are there", name)
	}
	size := nodes * workers
	if layered {
		size = nodes
	}
	if name == "halving" && bits.OnesCount(uint(size)) != 1 {
		return nil, fmt.Errorf("replay: halving among %d ranks: a power of two is expected", size)
	}
	if layered && workers > 1 {
		return Layered(a, workers), nil
	}
	return a, nil
}
