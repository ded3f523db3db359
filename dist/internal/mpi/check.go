package mpi

import (
	"fmt"
	"unsafe"
)

// check asks the library questions whose answers are known, with every type and
// operation: whether sizes, reductions on this rank, and reductions and broadcasts
// over all ranks are what they must be. It finds a wrong ABI before a training does.
func (c *Comm) check() error {
	for t := range Datatype(datatypes) {
		if err := c.lib.do(typeSize, c.lib.kind(t), c.lib.answer()); err != nil {
			return err
		}
		if size := int(c.lib.result); size != t.Size() {
			return c.lib.unfit("%s has %d bytes, expected %d", t, size, t.Size())
		}
	}
	if err := checkType[float32](c, Float32); err != nil {
		return err
	}
	if err := checkType[float64](c, Float64); err != nil {
		return err
	}
	if err := checkType[int64](c, Int64); err != nil {
		return err
	}
	return c.checkBytes()
}

// checkType reduces -2 and 3 on this rank, and over all ranks 1 of the even and 2 of
// the odd ones, whose sum float32 holds exactly for millions of ranks. Of two positive
// integers floating point would give the right sum: as bits, they are denormal.
func checkType[T float32 | float64 | int64](c *Comm, t Datatype) error {
	local := [ops]T{Sum: 1, Max: 3, Min: -2}
	global := [ops]T{Sum: T(c.size + c.size/2), Max: T(min(c.size, 2)), Min: 1}
	for op := range Op(ops) {
		in, out := T(-2), T(3)
		err := c.lib.do(reduceLocal, at(unsafe.Pointer(&in)), at(unsafe.Pointer(&out)), word(1), c.lib.kind(t), c.lib.operation(op))
		if err != nil {
			return err
		}
		if out != local[op] {
			return c.lib.unfit("%s of %s -2 and 3 is %v, expected %v", op, t, out, local[op])
		}
		out = T(1 + c.rank%2)
		if err := c.Allreduce(nil, unsafe.Pointer(&out), 1, t, op); err != nil {
			return err
		}
		if out != global[op] {
			return c.lib.unfit("%s of %s over %d ranks is %v, expected %v", op, t, c.size, out, global[op])
		}
	}
	return nil
}

// checkBytes sends all values of a byte from rank 0 to all.
func (c *Comm) checkBytes() error {
	var sent, got [256]byte
	for i := range sent {
		sent[i] = byte(i)
	}
	if c.rank == 0 {
		got = sent
	}
	if err := c.Bcast(unsafe.Pointer(&got), len(got), Byte, 0); err != nil {
		return err
	}
	if got != sent {
		return c.lib.unfit("256 bytes do not arrive as they were sent")
	}
	return nil
}

// unfit makes an error of a library that answers wrongly.
func (l *Library) unfit(format string, args ...any) error {
	return fmt.Errorf("mpi: %s: %w: %s", l.Version(), ErrSelfCheck, fmt.Sprintf(format, args...))
}
