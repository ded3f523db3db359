package main

import (
	"sync"

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
		flops: sync.OnceValue(func() float64 { return ops.PeakFLOPs(pool) }),
		bytes: sync.OnceValues(func() (float64, error) { return ops.TriadRate(pool) }),
	}
}

// limit is the most that a primitive of the kind can do, 0 where that is not known.
func (m *machine) limit(streams bool) (float64, error) {
	if streams {
		return m.bytes()
	}
	return m.flops(), nil
}
