package threads

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/ops"
)

// Flag adds --threads to a command.
func Flag(fs *cli.FlagSet) *int {
	return fs.Int("threads", 0, "`N` threads; 0 is one for each core, and CASCADE_NUM_THREADS wins")
}

// Use settles how many threads the process works with, and tells their number; 0 asks for
// the default. Errors: cli.ErrUsage, and those of ops.SetDefault.
func Use(n int) (int, error) {
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
