package main

import (
	"sync"

	"github.com/cascade-hpc/cascade/ops"
)

// machine is what a pool's cores can do at most. It is measured when it is first
// asked for, on all workers at once, since cores share their memory.
type machine struct {
	pool  *ops.Pool
	bytes func() (float64, error) // a second, of the triad
}

func newMachine(pool *ops.Pool) *machine {
	return &machine{
		pool:  pool,
		bytes: sync.OnceValues(func() (float64, error) { return triadRate(pool) }),
	}
}

// limit is the most that a primitive of the kind can do, 0 where that is not known.
func (m *machine) limit(streams bool) (float64, error) {
	if streams {
		return m.bytes()
	}
	return 0, nil
}

// triadRate is the rate of the traffic of McCalpin's STREAM triad, a = b + s·c, counted
// as STREAM counts, 12 bytes an element: the best of several. The product of two
// tensors stands for it, which reads and writes the same and waits for memory as long.
func triadRate(pool *ops.Pool) (float64, error) {
	const (
		length = 1 << 24 // 64 MiB a tensor, more than the caches of a core
		rounds = 10
	)
	shape := []int{length}
	product := job{
		make: func() (ops.Primitive, error) { return ops.NewMul(length) },
		in:   []operand{{"b", shape, whole(8, 1)}, {"c", shape, whole(8, 2)}},
		out:  []operand{{name: "a", shape: shape}},
	}
	e, err := product.prepare(pool, ops.CurrentISA())
	if err != nil {
		return 0, err
	}
	e.in = product.inputs(pool)
	return 12 * length / e.measure(limit{times: rounds}).best.Seconds(), nil
}
