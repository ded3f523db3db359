package mpi

import "unsafe"

// Bcast sends count elements of the root's buf to the buf of all others.
func (c *Comm) Bcast(buf unsafe.Pointer, count int, t Datatype, root int) error {
	if err := c.buffer(bcast, buf, count, t); err != nil {
		return err
	}
	if err := c.peer(bcast, "root", root); err != nil {
		return err
	}
	return c.lib.do(bcast, at(buf), word(count), c.lib.kind(t), word(root), word(c.handle))
}

// Allgather gives all ranks the count elements of each, in the order of ranks: recv
// has count·Size. If send is nil, this rank's are in their place already.
func (c *Comm) Allgather(send, recv unsafe.Pointer, count int, t Datatype) error {
	if err := c.buffer(allgather, recv, count, t); err != nil {
		return err
	}
	n, kind := word(count), c.lib.kind(t)
	return c.lib.do(allgather, c.lib.input(send), n, kind, at(recv), n, kind, word(c.handle))
}

// Alltoall sends the r-th count elements of send to rank r, and puts those of rank r
// in the r-th place of recv: both have count·Size. If send is nil, recv has what is
// sent, and it is replaced.
func (c *Comm) Alltoall(send, recv unsafe.Pointer, count int, t Datatype) error {
	if err := c.buffer(alltoall, recv, count, t); err != nil {
		return err
	}
	n, kind := word(count), c.lib.kind(t)
	return c.lib.do(alltoall, c.lib.input(send), n, kind, at(recv), n, kind, word(c.handle))
}

// peer checks the number of another rank.
func (c *Comm) peer(f function, role string, rank int) error {
	if rank < 0 || rank >= c.size {
		return wrong(f, "found %s %d, expected 0 to %d", role, rank, c.size-1)
	}
	return nil
}
