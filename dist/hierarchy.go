package dist

import "fmt"

// Hierarchical is the group c with an Allreduce in three steps, for ranks that reach some
// others faster than the rest. near is the group of those: from SplitNode of c, the ranks
// of a machine, or from a Split by anything else.
//
//  1. The near ranks add up, and each has one piece of the result.
//  2. It adds its piece to those of the ranks of its number in all other groups. All near
//     ranks do so at once, and each sends only its piece of what the group has.
//  3. The near ranks give each other their pieces.
//
// Every rank still gets the same bits, but they are added up in another order than c's.
// BFloat16, and all other collectives, are those of c. Which of the two is faster depends
// on the library, which may do the same by itself: measure it. All ranks must call it.
// Errors: near is not from c, is one rank or all, or groups are of several sizes.
func Hierarchical(c, near *Comm) (*Comm, error) {
	if near == nil || near.carrier != c.carrier {
		return nil, fmt.Errorf("dist: Hierarchical: %w: the near ranks are no part of the group", ErrArgument)
	}
	sizes := []int64{int64(near.Size()), -int64(near.Size())}
	if err := Allreduce(c, sizes, Max); err != nil {
		return nil, err
	}
	most, least := sizes[0], -sizes[1]
	switch {
	case most != least:
		return nil, fmt.Errorf("dist: Hierarchical: %w: some ranks have %d near ones and others %d: the same number is expected", ErrArgument, least, most)
	case most == 1 || int(most) == c.Size():
		return nil, fmt.Errorf("dist: Hierarchical: %w: groups of %d of %d ranks: at least 2, and not all, are expected", ErrArgument, most, c.Size())
	}
	lane, err := c.Split(near.Rank(), c.Rank())
	if err != nil {
		return nil, err
	}
	h := &hierarchy{transport: c.t, near: near.t, lane: lane.t}
	return newComm(h, c.carrier, fmt.Sprintf("%s, groups of %d", c.about, most)), nil
}

// hierarchy is the transport of a group with one of near ranks.
type hierarchy struct {
	transport               // of the group
	near      transport     // of the near ranks
	lane      transport     // of the ranks of the same number in all groups of near ones
	pieces    region[int64] // memory for a piece, of any kind
}

func (h *hierarchy) allreduce(v vector, op Op) error {
	piece := v.n / h.near.size()
	whole := piece * h.near.size()
	if piece > 0 {
		if err := h.inSteps(v.part(0, whole), piece, op); err != nil {
			return err
		}
	}
	if whole == v.n {
		return nil
	}
	return h.transport.allreduce(v.part(whole, v.n), op) // fewer elements than near ranks
}

func (h *hierarchy) inSteps(v vector, piece int, op Op) error {
	memory, err := h.pieces.take((piece*v.kind.size() + 7) / 8)
	if err != nil {
		return err
	}
	mine := vector{vectorOf(memory).p, piece, v.kind}
	if err := h.near.reduceScatter(mine, v, op); err != nil {
		return err
	}
	if err := h.lane.allreduce(mine, op); err != nil {
		return err
	}
	return h.near.allgather(v, mine)
}

// close gives the lane back: the group and that of the near ranks are the caller's.
func (h *hierarchy) close() error { return h.lane.close() }
