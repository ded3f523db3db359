package mpi

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// Everything in this file is exact: the numbers are small integers.

// operations calls all operations, and compares with what they must give.
func operations() error {
	return with(func(_ *Library, c *Comm) error {
		for _, test := range []struct {
			name string
			call func(*Comm) error
		}{
			{"all types", allTypes},
			{"collectives", collectives},
			{"rooted", rooted},
			{"scatters", scatters},
			{"splits", splits},
			{"nothing", nothing},
			{"allocations", allocations},
		} {
			if err := test.call(c); err != nil {
				return fmt.Errorf("%s: %w", test.name, err)
			}
		}
		return nil
	})
}

func allTypes(c *Comm) error {
	if err := reduced[float32](c, Float32); err != nil {
		return err
	}
	if err := reduced[float64](c, Float64); err != nil {
		return err
	}
	return reduced[int64](c, Int64)
}

// reduced tries sizes on both sides of where libraries change the algorithm, some
// 2 KiB and 10 KiB.
func reduced[T float32 | float64 | int64](c *Comm, t Datatype) error {
	n := T(c.Size())
	for _, count := range []int{1, 7, 5000} {
		send, recv := make([]T, count), make([]T, count)
		for i := range send {
			send[i] = T(i%100) + T(c.Rank())
		}
		for op, want := range [ops]func(T) T{
			Sum: func(i T) T { return n*i + n*(n-1)/2 },
			Max: func(i T) T { return i + n - 1 },
			Min: func(i T) T { return i },
		} {
			op := Op(op)
			clear(recv)
			if err := c.Allreduce(pointer(send), pointer(recv), count, t, op); err != nil {
				return err
			}
			inPlace := slices.Clone(send)
			if err := c.Allreduce(nil, pointer(inPlace), count, t, op); err != nil {
				return err
			}
			for i := range recv {
				if w := want(T(i % 100)); recv[i] != w || inPlace[i] != w {
					return fmt.Errorf("%s of %s, element %d of %d: found %v, in place %v, expected %v", op, t, i, count, recv[i], inPlace[i], w)
				}
			}
		}
	}
	return nil
}

func collectives(c *Comm) error {
	n, r := c.Size(), c.Rank()
	gathered := make([]int64, 2*n)
	if err := c.Allgather(pointer([]int64{int64(r), int64(-r)}), pointer(gathered), 2, Int64); err != nil {
		return err
	}
	inPlace := make([]int64, 2*n)
	inPlace[2*r], inPlace[2*r+1] = int64(r), int64(-r)
	if err := c.Allgather(nil, pointer(inPlace), 2, Int64); err != nil {
		return err
	}
	out, in := make([]int64, n), make([]int64, n)
	for i := range out {
		out[i] = int64(100*r + i)
	}
	if err := c.Alltoall(pointer(out), pointer(in), 1, Int64); err != nil {
		return err
	}
	if err := c.Alltoall(nil, pointer(out), 1, Int64); err != nil {
		return err
	}
	for i := range n {
		if gathered[2*i] != int64(i) || gathered[2*i+1] != int64(-i) || !slices.Equal(gathered, inPlace) {
			return fmt.Errorf("allgather: found %v, in place %v", gathered, inPlace)
		}
		if in[i] != int64(100*i+r) || out[i] != in[i] {
			return fmt.Errorf("alltoall: found %v, in place %v on rank %d", in, out, r)
		}
	}
	return c.Barrier()
}

// rooted tries every rank as the root.
func rooted(c *Comm) error {
	for root := range c.Size() {
		text := []byte(fmt.Sprintf("rank %03d sends", c.Rank()))
		if err := c.Bcast(pointer(text), len(text), Byte, root); err != nil {
			return err
		}
		if want := fmt.Sprintf("rank %03d sends", root); string(text) != want {
			return fmt.Errorf("bcast: found %q, expected %q", text, want)
		}
	}
	return nil
}

func scatters(c *Comm) error {
	n, r := c.Size(), c.Rank()
	even := make([]float32, 3*n)
	for i := range even {
		even[i] = float32(i + r)
	}
	block := make([]float32, 3)
	if err := c.ReduceScatterBlock(pointer(even), pointer(block), 3, Float32, Sum); err != nil {
		return err
	}
	if err := c.ReduceScatterBlock(nil, pointer(even), 3, Float32, Sum); err != nil {
		return err
	}
	for i, v := range block {
		if want := float32(n*(3*r+i) + n*(n-1)/2); v != want || even[i] != want {
			return fmt.Errorf("blocks: found %v, in place %v, expected %v", v, even[i], want)
		}
	}
	return nil
}

func splits(c *Comm) error {
	n, r := c.Size(), c.Rank()
	part, err := c.Split(r%2, -r) // backwards
	if err != nil {
		return err
	}
	members := (n + 1 - r%2) / 2
	if part.Size() != members || part.Rank() != members-1-r/2 {
		return fmt.Errorf("rank %d of %d is %d of %d", r, n, part.Rank(), part.Size())
	}
	sum := int64(1)
	if err := part.Allreduce(nil, unsafe.Pointer(&sum), 1, Int64, Sum); err != nil || sum != int64(members) {
		return fmt.Errorf("found %d of %d members, %w", sum, members, err)
	}
	if err := part.Free(); err != nil {
		return err
	}
	colour := Undefined
	if r == 0 {
		colour = 5
	}
	if part, err = c.Split(colour, 0); err != nil || (part == nil) != (r != 0) {
		return fmt.Errorf("undefined: found %v, %w", part, err)
	}
	if part != nil {
		if err := part.Free(); err != nil {
			return err
		}
	}
	machine, err := c.SplitShared()
	if err != nil || machine.Size() != n || machine.Rank() != r {
		return fmt.Errorf("one machine: found %v, %w", machine, err)
	}
	return machine.Free()
}

// nothing has no elements, and no buffer either.
func nothing(c *Comm) error {
	if err := c.Allreduce(nil, nil, 0, Float32, Sum); err != nil {
		return err
	}
	return c.Bcast(nil, 0, Byte, 0)
}

// allocations are none, on the road that every step of training takes.
func allocations(c *Comm) error {
	buf := make([]float32, 64)
	var failed error
	n := testing.AllocsPerRun(20, func() {
		if err := c.Allreduce(nil, pointer(buf), len(buf), Float32, Max); err != nil {
			failed = err
		}
	})
	runtime.KeepAlive(buf)
	if failed == nil && n != 0 {
		failed = fmt.Errorf("found %v in a call of Allreduce", n)
	}
	return failed
}

// pointer is the address of a slice's elements.
func pointer[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
