package mpi

import (
	"fmt"
	"unsafe"
)

// MaxTag is the highest tag that every library takes.
const MaxTag = 32767

// Send sends count elements to a rank. It may wait until that rank receives them.
func (c *Comm) Send(buf unsafe.Pointer, count int, t Datatype, to, tag int) error {
	if err := c.message(send, buf, count, t, to, tag); err != nil {
		return err
	}
	return c.lib.do(send, at(buf), word(count), c.lib.kind(t), word(to), word(tag), word(c.handle))
}

// Recv waits for a message with a tag from a rank and returns the number of its
// elements. A message of more than count elements is an error.
func (c *Comm) Recv(buf unsafe.Pointer, count int, t Datatype, from, tag int) (int, error) {
	if err := c.message(recv, buf, count, t, from, tag); err != nil {
		return 0, err
	}
	err := c.lib.do(recv, at(buf), word(count), c.lib.kind(t), word(from), word(tag), word(c.handle),
		c.lib.ofMessage())
	if err != nil {
		return 0, err
	}
	return c.lib.received(t)
}

// Message is one direction of [Comm.SendRecv].
type Message struct {
	Buf   unsafe.Pointer
	Count int
	Type  Datatype
	Rank  int // to which, or from which
	Tag   int
}

// SendRecv sends a message and receives another at the same time, so that ranks may
// call it towards each other. It returns the number of elements received.
func (c *Comm) SendRecv(out, in Message) (int, error) {
	if err := c.message(sendrecv, out.Buf, out.Count, out.Type, out.Rank, out.Tag); err != nil {
		return 0, err
	}
	if err := c.message(sendrecv, in.Buf, in.Count, in.Type, in.Rank, in.Tag); err != nil {
		return 0, err
	}
	if out.Rank == c.rank && in.Rank == c.rank && out.Count*out.Type.Size() > in.Count*in.Type.Size() {
		// Open MPI 4.1 cuts off what a rank sends itself, and says nothing.
		return 0, wrong(sendrecv, "found %d elements of %s for oneself, expected at most %d of %s", out.Count, out.Type, in.Count, in.Type)
	}
	err := c.lib.do(sendrecv,
		at(out.Buf), word(out.Count), c.lib.kind(out.Type), word(out.Rank), word(out.Tag),
		at(in.Buf), word(in.Count), c.lib.kind(in.Type), word(in.Rank), word(in.Tag),
		word(c.handle), c.lib.ofMessage())
	if err != nil {
		return 0, err
	}
	return c.lib.received(in.Type)
}

// received counts the elements of the last message.
func (l *Library) received(t Datatype) (int, error) {
	err := l.do(getCount, l.ofMessage(), l.kind(t), l.answer())
	if err != nil {
		return 0, err
	}
	if l.result < 0 { // MPI_UNDEFINED
		return 0, fmt.Errorf("mpi: the message received is not a whole number of %s", t)
	}
	return int(l.result), nil
}

// message checks the arguments of a message.
func (c *Comm) message(f function, buf unsafe.Pointer, count int, t Datatype, rank, tag int) error {
	if err := c.buffer(f, buf, count, t); err != nil {
		return err
	}
	if err := c.peer(f, "rank", rank); err != nil {
		return err
	}
	if tag < 0 || tag > MaxTag {
		return wrong(f, "found tag %d, expected 0 to %d", tag, MaxTag)
	}
	return nil
}
