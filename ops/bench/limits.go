package main

import (
	"slices"
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/ops"
)

// machine is what a pool's cores can do at most. It is measured when it is first
// asked for, on all workers at once, since cores share their clock and their memory.
type machine struct {
	pool  *ops.Pool
	flops func() float64          // a second, a multiply-add counting 2; 0 where this build cannot tell
	bytes func() (float64, error) // a second, of the triad
}

func newMachine(pool *ops.Pool) *machine {
	return &machine{
		pool:  pool,
		flops: sync.OnceValue(func() float64 { return peakFLOPs(pool) }),
		bytes: sync.OnceValues(func() (float64, error) { return triadRate(pool) }),
	}
}

// limit is the most that a primitive of the kind can do, 0 where that is not known.
func (m *machine) limit(streams bool) (float64, error) {
	if streams {
		return m.bytes()
	}
	return m.flops(), nil
}

// peakFLOPs is the rate of multiply-adds that never leave the registers. It is the
// median of many short pieces: the best would be one while the other thread of the
// same core slept, and whole tasks would count the time in which another process had
// the core.
func peakFLOPs(pool *ops.Pool) float64 {
	if spin() == 0 {
		return 0
	}
	const partsPerWorker = 16
	s := make(spinning, partsPerWorker*pool.Workers())
	pool.Run(len(s), s)
	var all []float64
	for _, rates := range s {
		all = append(all, rates[:]...)
	}
	slices.Sort(all)
	return all[len(all)/2] * float64(pool.Workers())
}

// spinning is a task that fills in the rates of pieces of arithmetic.
type spinning [][64]float64

// Part implements ops.Task.
func (s spinning) Part(_, part int) {
	for i := range s[part] {
		start := time.Now()
		s[part][i] = spin() / time.Since(start).Seconds()
	}
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
		in:   []operand{{name: "b", shape: shape, fill: whole(8, 1)}, {name: "c", shape: shape, fill: whole(8, 2)}},
		out:  []operand{{name: "a", shape: shape}},
	}
	e, err := product.prepare(pool, ops.CurrentISA())
	if err != nil {
		return 0, err
	}
	if e.in, err = product.inputs(pool); err != nil {
		return 0, err
	}
	return 12 * length / e.measure(limit{times: rounds}).best.Seconds(), nil
}
