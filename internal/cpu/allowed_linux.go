package cpu

import (
	"fmt"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// Allowed are the cores that the process may use: its affinity mask, which is where
// taskset, batch systems and containers set their limits. It is read once, before any
// thread is pinned.
var Allowed = sync.OnceValues(func() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(os.Getpid(), &set); err != nil {
		return nil, fmt.Errorf("the cores of the process are unknown: %w", err)
	}
	var cores []int
	for c := range Max {
		if set.IsSet(c) {
			cores = append(cores, c)
		}
	}
	return cores, nil
})
