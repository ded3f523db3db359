package main

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/ops"
)

// threadsFlag adds --threads.
func threadsFlag(fs *cli.FlagSet) *int {
	return fs.Int("threads", 0, "`N` threads; 0 is one for each core, and CASCADE_NUM_THREADS wins")
}

// threads settles how many threads the process works with; 0 asks for the
// default.
func threads(n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("%w: --threads %d: it must not be negative", cli.ErrUsage, n)
	}
	if n > 0 {
		if err := ops.SetDefault(ops.PoolOptions{Workers: n}); err != nil {
			return 0, err
		}
	}
	pool := ops.Default()
	return pool.Workers(), pool.Err()
}
