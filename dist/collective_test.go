package dist

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lengths hurt: nothing, less than a rank each, primes, beside cache lines and pieces.
var lengths = []int{0, 1, 2, 3, 7, 15, 16, 17, 63, 64, 65, 1009, 2047, 2049, 5003}

// value is element i of rank r: a small integer, so that every order of a sum gives the
// same and bfloat16 holds it.
func value(rank, i int) int { return (rank*7+i*3)%11 - 4 }

// checks are what every backend must pass, on any number of ranks. They are functions of
// the rank, so that they can run in goroutines and under mpirun.
var checks = map[string]func(c *Comm) error{
	"float32":  checkKind[float32],
	"float64":  checkKind[float64],
	"int64":    checkKind[int64],
	"bfloat16": checkKind[BFloat16],
	"bytes":    checkBytes,
	"requests": checkRequests,
	"split":    checkSplit,
	"mistakes": checkMistakes,
}

func of[T Number](v int) T {
	var x T
	switch p := any(&x).(type) {
	case *float32:
		*p = float32(v)
	case *float64:
		*p = float64(v)
	case *int64:
		*p = int64(v)
	case *BFloat16:
		*p = ToBFloat16(float32(v))
	}
	return x
}

func fill[T Number](rank, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = of[T](value(rank, i))
	}
	return x
}

// combined is what a reduction of fill over ranks must give.
func combined[T Number](ranks, n int, op Op) []T {
	x := make([]T, n)
	for i := range x {
		v := value(0, i)
		for r := 1; r < ranks; r++ {
			switch w := value(r, i); op {
			case Sum:
				v += w
			case Max:
				v = max(v, w)
			case Min:
				v = min(v, w)
			}
		}
		x[i] = of[T](v)
	}
	return x
}

func same[T Number](what string, n int, got, want []T) error {
	for i := range want {
		if got[i] != want[i] {
			return fmt.Errorf("%s of %d: element %d is %v, not %v", what, n, i, got[i], want[i])
		}
	}
	return nil
}

// checkKind goes through all collectives with elements of a type.
func checkKind[T Number](c *Comm) error {
	list := lengths
	if _, goroutines := c.t.(*local); runtime.NumCPU() < c.Size() && !goroutines {
		list = []int{0, 1, 7, 65, 2049} // ranks that are processes and share cores wait for each other's slices of time
	}
	for _, n := range list {
		for _, op := range []Op{Sum, Max, Min} {
			if err := checkReductions[T](c, n, op); err != nil {
				return err
			}
		}
		if err := checkMoves[T](c, n); err != nil {
			return err
		}
	}
	return c.Barrier()
}

func checkReductions[T Number](c *Comm, n int, op Op) error {
	x := fill[T](c.Rank(), n)
	if err := errors.Join(Allreduce(c, x, op), same("Allreduce by "+op.String(), n, x, combined[T](c.Size(), n, op))); err != nil {
		return err
	}
	for _, root := range []int{0, c.Size() - 1} {
		x, want := fill[T](c.Rank(), n), fill[T](c.Rank(), n)
		if c.Rank() == root {
			want = combined[T](c.Size(), n, op)
		}
		if err := errors.Join(Reduce(c, x, op, root), same("Reduce by "+op.String(), n, x, want)); err != nil {
			return err
		}
	}
	src, dst := fill[T](c.Rank(), n*c.Size()), make([]T, n)
	want := combined[T](c.Size(), n*c.Size(), op)[n*c.Rank() : n*(c.Rank()+1)]
	return errors.Join(
		ReduceScatter(c, dst, src, op),
		same("ReduceScatter by "+op.String(), n, dst, want),
		same("source of ReduceScatter", n, src, fill[T](c.Rank(), n*c.Size())),
	)
}

func checkMoves[T Number](c *Comm, n int) error {
	for _, root := range []int{0, c.Size() - 1} {
		x := fill[T](c.Rank(), n)
		if err := errors.Join(Bcast(c, x, root), same("Bcast", n, x, fill[T](root, n))); err != nil {
			return err
		}
	}
	var want []T
	for r := range c.Size() {
		want = append(want, fill[T](r, n)...)
	}
	dst := make([]T, n*c.Size())
	return errors.Join(Allgather(c, dst, fill[T](c.Rank(), n)), same("Allgather", n, dst, want))
}

func checkBytes(c *Comm) error {
	name := []byte{byte('a' + c.Rank()), 0, 255}
	all := make([]byte, 3*c.Size())
	if err := AllgatherBytes(c, all, name); err != nil {
		return err
	}
	for r := range c.Size() {
		if string(all[3*r:3*r+3]) != string([]byte{byte('a' + r), 0, 255}) {
			return fmt.Errorf("AllgatherBytes: %v", all)
		}
	}
	if err := BcastBytes(c, name, c.Size()-1); err != nil || name[0] != byte('a'+c.Size()-1) {
		return fmt.Errorf("BcastBytes: %v, %w", name, err)
	}
	return nil
}

// checkRequests starts several reductions, which are done in their order, and a blocking
// one behind them.
func checkRequests(c *Comm) error {
	const k = 4
	buffers, requests := make([][]float32, k), make([]*Request, k)
	for i := range requests {
		x, err := Alloc[float32](1000 * (i + 1))
		if err != nil {
			return err
		}
		buffers[i] = x
		if requests[i], err = AllreduceInit(c, x, Sum); err != nil {
			return err
		}
	}
	for round := range 3 {
		for i, r := range requests {
			copy(buffers[i], fill[float32](c.Rank()+round, len(buffers[i])))
			r.Start()
		}
		last := []int64{int64(c.Rank())}
		if err := errors.Join(Allreduce(c, last, Max), same("the last", 1, last, []int64{int64(c.Size() - 1)})); err != nil {
			return err
		}
		for i, r := range requests {
			n := len(buffers[i])
			want := make([]float32, n)
			for rank := range c.Size() {
				for j, v := range fill[float32](rank+round, n) {
					want[j] += v
				}
			}
			if err := errors.Join(r.Wait(), same("Request", n, buffers[i], want)); err != nil {
				return err
			}
			if begin, end := r.Span(); end.Before(begin) || begin.IsZero() {
				return fmt.Errorf("a request was under way from %v to %v", begin, end)
			}
		}
	}
	if err := requests[0].Wait(); err != nil { // of what is not started
		return err
	}
	x := []int64{1}
	twice := Prepare(c, func(now *Comm) error { return errors.Join(Allreduce(now, x, Sum), Allreduce(now, x, Sum)) })
	twice.Start()
	return errors.Join(twice.Wait(), same("work", 1, x, []int64{int64(c.Size() * c.Size())}))
}

// checkSplit makes groups of even and odd ranks in the opposite order, without the last.
func checkSplit(c *Comm) error {
	colour := c.Rank() % 2
	if c.Rank() == c.Size()-1 {
		colour = -1
	}
	part, err := c.Split(colour, -c.Rank())
	if err != nil {
		return err
	}
	if (part == nil) != (colour < 0) {
		return fmt.Errorf("colour %d gets the group %v", colour, part)
	}
	if part != nil {
		size := (c.Size() - colour) / 2 // of the others
		if c.Size()%2 == 1 && colour == 0 {
			size = c.Size() / 2
		}
		x := []int64{int64(c.Rank()), 1}
		err := Allreduce(part, x, Sum)
		if err != nil || x[1] != int64(part.Size()) || part.Size() != size {
			return fmt.Errorf("a part of %d ranks, not %d, counts %d: %w", part.Size(), size, x[1], err)
		}
		order := make([]int64, part.Size())
		if err := Allgather(part, order, []int64{int64(c.Rank())}); err != nil {
			return err
		}
		for i := 1; i < len(order); i++ {
			if order[i] >= order[i-1] || order[i]%2 != int64(colour) {
				return fmt.Errorf("a part in the order %v", order)
			}
		}
	}
	node, err := c.SplitNode()
	if err != nil || node.Size() != c.LocalSize() || node.Rank() != c.LocalRank() {
		return fmt.Errorf("the node is %v of %d, %d: %w", node, c.LocalRank(), c.LocalSize(), err)
	}
	return node.Close()
}

// checkMistakes makes those that every rank finds by itself.
func checkMistakes(c *Comm) error {
	x := make([]float32, 4)
	for what, err := range map[string]error{
		"operation":      Allreduce(c, x, Op(9)),
		"operation 0":    Reduce(c, x, 0, 0),
		"of a request":   second(AllreduceInit(c, x, 0)),
		"root":           Bcast(c, x, c.Size()),
		"negative root":  Reduce(c, x, Sum, -1),
		"gather length":  Allgather(c, x, make([]float32, 5)),
		"scatter length": ReduceScatter(c, x, make([]float32, 4*c.Size()+1), Sum),
	} {
		if !errors.Is(err, ErrArgument) {
			return fmt.Errorf("a wrong %s gives the error %v", what, err)
		}
	}
	return c.Barrier() // the group is of use still
}

func second[T any](_ T, err error) error { return err }

func TestSelf(t *testing.T) {
	for name, check := range checks {
		t.Run(name, func(t *testing.T) {
			c := Self()
			assert.NoError(t, check(c))
			require.NoError(t, c.Close())
			assert.ErrorIs(t, c.Barrier(), ErrClosed)
		})
	}
}

func TestLocal(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 7, 8, 9} {
		for name, check := range checks {
			t.Run(fmt.Sprintf("%s with %d ranks", name, n), func(t *testing.T) { assert.NoError(t, Run(n, check)) })
		}
	}
}
