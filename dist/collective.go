package dist

import (
	"fmt"
	"unsafe"
)

// Allreduce replaces x on every rank by the combination of all ranks' x.
func Allreduce[T Number](c *Comm, x []T, op Op) error {
	v := vectorOf(x)
	if c.carrier.inside {
		return c.allreduce(v, op) // without the closure, which takes memory
	}
	return c.do("Allreduce", func() error { return c.allreduce(v, op) })
}

func (c *Comm) allreduce(v vector, op Op) error {
	if err := op.check(); err != nil {
		return err
	}
	switch {
	case v.n == 0 || c.Size() == 1:
		return nil
	case v.kind == bfloat16s:
		return c.wide.allreduce(c.t, v, op)
	}
	return c.t.allreduce(v, op)
}

// Reduce is Allreduce for one rank, root, alone. The others keep their x.
func Reduce[T Number](c *Comm, x []T, op Op, root int) error {
	v := vectorOf(x)
	return c.do("Reduce", func() error {
		if err := c.checkRoot(root); err != nil {
			return err
		}
		if err := op.check(); err != nil {
			return err
		}
		switch {
		case v.n == 0 || c.Size() == 1:
			return nil
		case v.kind == bfloat16s:
			return c.wide.reduce(c.t, v, op, root)
		}
		return c.t.reduce(v, op, root)
	})
}

// Bcast gives all ranks root's x.
func Bcast[T Number](c *Comm, x []T, root int) error { return c.bcast(vectorOf(x), root) }

// BcastBytes is Bcast for bytes.
func BcastBytes(c *Comm, x []byte, root int) error { return c.bcast(vectorOfBytes(x), root) }

func (c *Comm) bcast(v vector, root int) error {
	return c.do("Bcast", func() error {
		if err := c.checkRoot(root); err != nil {
			return err
		}
		if v.n == 0 || c.Size() == 1 {
			return nil
		}
		return c.t.bcast(v, root)
	})
}

// Allgather puts the src of all ranks into dst, in the order of ranks: dst is Size times as
// long as src.
func Allgather[T Number](c *Comm, dst, src []T) error {
	return c.allgather(vectorOf(dst), vectorOf(src))
}

// AllgatherBytes is Allgather for bytes.
func AllgatherBytes(c *Comm, dst, src []byte) error {
	return c.allgather(vectorOfBytes(dst), vectorOfBytes(src))
}

func (c *Comm) allgather(dst, src vector) error {
	return c.do("Allgather", func() error {
		switch {
		case dst.n != c.Size()*src.n:
			return fmt.Errorf("%w: the result has %d elements, not %d times %d", ErrArgument, dst.n, c.Size(), src.n)
		case src.n == 0:
			return nil
		case c.Size() == 1:
			copy(dst.bytes(), src.bytes())
			return nil
		}
		return c.t.allgather(dst, src)
	})
}

// ReduceScatter combines the src of all ranks and gives each rank its piece: the first
// len(dst) elements to rank 0, and so on. src is Size times as long as dst, and stays as it
// is.
func ReduceScatter[T Number](c *Comm, dst, src []T, op Op) error {
	d, s := vectorOf(dst), vectorOf(src)
	return c.do("ReduceScatter", func() error {
		if err := op.check(); err != nil {
			return err
		}
		switch {
		case s.n != c.Size()*d.n:
			return fmt.Errorf("%w: the argument has %d elements, not %d times the %d of a piece", ErrArgument, s.n, c.Size(), d.n)
		case d.n == 0:
			return nil
		case c.Size() == 1:
			copy(d.bytes(), s.bytes())
			return nil
		case d.kind == bfloat16s:
			return c.wide.reduceScatter(c.t, d, s, op)
		}
		return c.t.reduceScatter(d, s, op)
	})
}

func vectorOfBytes(x []byte) vector {
	v := vector{n: len(x), kind: bytes}
	if v.n > 0 {
		v.p = unsafe.Pointer(unsafe.SliceData(x))
	}
	return v
}

func (o Op) check() error {
	if o < Sum || o > Min {
		return fmt.Errorf("%w: %v (%d)", ErrArgument, o, uint8(o))
	}
	return nil
}

func (c *Comm) checkRoot(root int) error {
	if root < 0 || root >= c.Size() {
		return fmt.Errorf("%w: root %d of %d ranks", ErrArgument, root, c.Size())
	}
	return nil
}
