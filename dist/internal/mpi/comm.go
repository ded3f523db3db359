package mpi

import (
	"fmt"
	"math"
	"unsafe"
)

// Undefined is the colour of ranks that take part in no part of [Comm.Split].
const Undefined = -32766 // MPI_UNDEFINED, in every ABI

// Comm is a communicator: a group of ranks that exchange data with each other only.
type Comm struct {
	lib        *Library
	handle     uintptr // 0 after Free
	rank, size int
}

// comm describes a communicator of MPI.
func (l *Library) comm(handle uintptr) (*Comm, error) {
	c := &Comm{lib: l, handle: handle}
	if err := l.do(commRank, word(handle), l.answer()); err != nil {
		return nil, err
	}
	c.rank = int(l.result)
	if err := l.do(commSize, word(handle), l.answer()); err != nil {
		return nil, err
	}
	c.size = int(l.result)
	return c, nil
}

// Rank returns this process's number, from 0.
func (c *Comm) Rank() int { return c.rank }

// Size returns the number of ranks.
func (c *Comm) Size() int { return c.size }

// Barrier waits until all ranks have called it.
func (c *Comm) Barrier() error {
	if err := c.usable(barrier); err != nil {
		return err
	}
	return c.lib.do(barrier, word(c.handle))
}

// Split makes a communicator of all ranks of the same colour, in the order of their
// keys, and of their ranks here where keys are equal. It is nil on ranks of colour
// [Undefined]. All ranks call it. [Comm.Free] ends its life.
func (c *Comm) Split(colour, key int) (*Comm, error) {
	if err := c.usable(commSplit); err != nil {
		return nil, err
	}
	if colour != Undefined && (colour < 0 || colour > math.MaxInt32) {
		return nil, wrong(commSplit, "found colour %d, expected 0 to %d or Undefined", colour, math.MaxInt32)
	}
	if int(int32(key)) != key {
		return nil, wrong(commSplit, "found key %d, expected 32 bits", key)
	}
	var part uint64 // MPICH writes 4 bytes, the others 8
	if err := c.lib.do(commSplit, word(c.handle), word(colour), word(key), at(unsafe.Pointer(&part))); err != nil {
		return nil, err
	}
	return c.lib.part(uintptr(part))
}

// SplitShared makes a communicator of the ranks that share memory with this one,
// which are those of the same machine, in their order here. All ranks call it.
func (c *Comm) SplitShared() (*Comm, error) {
	if err := c.usable(commSplitType); err != nil {
		return nil, err
	}
	var part uint64
	err := c.lib.do(commSplitType, word(c.handle), word(c.lib.shared), word(c.rank), word(c.lib.noInfo), at(unsafe.Pointer(&part)))
	if err != nil {
		return nil, err
	}
	return c.lib.part(uintptr(part))
}

// part takes over a communicator that a split has made.
func (l *Library) part(handle uintptr) (*Comm, error) {
	if handle == l.null {
		return nil, nil
	}
	if err := l.do(commSetErrhandler, word(handle), word(l.errorsReturn)); err != nil {
		return nil, err
	}
	return l.comm(handle)
}

// Free gives back what Split has made. All its ranks call it.
func (c *Comm) Free() error {
	if err := c.usable(commFree); err != nil {
		return err
	}
	if c.handle == c.lib.world {
		return wrong(commFree, "the communicator of all processes ends with Finalize")
	}
	handle := uint64(c.handle)
	c.handle = 0
	return c.lib.do(commFree, at(unsafe.Pointer(&handle)))
}

// usable says whether calls can be made. MPI would end the program after Finalize.
func (c *Comm) usable(f function) error {
	switch {
	case c == nil:
		return wrong(f, "the communicator is nil")
	case c.lib.ended:
		return fmt.Errorf("mpi: %s: %w", f, ErrFinalized)
	case c.handle == 0:
		return wrong(f, "the communicator has been freed")
	}
	return nil
}

// buffer checks a buffer of count elements, as C would not.
func (c *Comm) buffer(f function, buf unsafe.Pointer, count int, t Datatype) error {
	if err := c.usable(f); err != nil {
		return err
	}
	switch {
	case t < 0 || int(t) >= datatypes:
		return wrong(f, "unknown %s", t)
	case count < 0 || count > math.MaxInt32:
		return wrong(f, "found %d elements, expected 0 to %d", count, math.MaxInt32)
	case buf == nil && count > 0:
		return wrong(f, "found no buffer, expected %d elements of %s", count, t)
	}
	return nil
}

// reduction checks a buffer and an operation on it.
func (c *Comm) reduction(f function, buf unsafe.Pointer, count int, t Datatype, op Op) error {
	if err := c.buffer(f, buf, count, t); err != nil {
		return err
	}
	if op < 0 || int(op) >= ops {
		return wrong(f, "unknown %s", op)
	}
	if t == Byte {
		return wrong(f, "%s is not defined on %s", op, t)
	}
	return nil
}
