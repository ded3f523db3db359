package mpi

import "unsafe"

// Where send is nil in the calls of this file, recv has the input, on every rank.

// Allreduce combines count elements of all ranks and gives all the result, the same
// bits on each as far as the library keeps to the advice of the standard.
func (c *Comm) Allreduce(send, recv unsafe.Pointer, count int, t Datatype, op Op) error {
	if err := c.reduction(allreduce, recv, count, t, op); err != nil {
		return err
	}
	return c.lib.do(allreduce, c.lib.input(send), at(recv), word(count), c.lib.kind(t), c.lib.operation(op), word(c.handle))
}

// Reduce combines count elements of all ranks and gives the root the result. On the
// others recv is not written. With send nil and a root other than 0, MPICH 4.0.2 crashes
// at 1009 Float32 of two ranks, and not at 65.
func (c *Comm) Reduce(send, recv unsafe.Pointer, count int, t Datatype, op Op, root int) error {
	needed := recv
	if c != nil && c.rank != root {
		if send == nil {
			send, recv = recv, nil // only the root may say "in place" to MPI
		}
		needed = send
	}
	if err := c.reduction(reduce, needed, count, t, op); err != nil {
		return err
	}
	if err := c.peer(reduce, "root", root); err != nil {
		return err
	}
	return c.lib.do(reduce, c.lib.input(send), at(recv), word(count), c.lib.kind(t), c.lib.operation(op), word(root), word(c.handle))
}

// ReduceScatterBlock combines count·Size elements of all ranks and gives rank r the
// r-th count of the result, at the beginning of recv.
func (c *Comm) ReduceScatterBlock(send, recv unsafe.Pointer, count int, t Datatype, op Op) error {
	if err := c.reduction(reduceScatterBlock, recv, count, t, op); err != nil {
		return err
	}
	return c.lib.do(reduceScatterBlock, c.lib.input(send), at(recv), word(count), c.lib.kind(t), c.lib.operation(op), word(c.handle))
}
