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

// ReduceScatterBlock combines count·Size elements of all ranks and gives rank r the
// r-th count of the result, at the beginning of recv.
func (c *Comm) ReduceScatterBlock(send, recv unsafe.Pointer, count int, t Datatype, op Op) error {
	if err := c.reduction(reduceScatterBlock, recv, count, t, op); err != nil {
		return err
	}
	return c.lib.do(reduceScatterBlock, c.lib.input(send), at(recv), word(count), c.lib.kind(t), c.lib.operation(op), word(c.handle))
}
