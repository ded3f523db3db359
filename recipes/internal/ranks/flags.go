package ranks

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
)

// Flags are how many ranks there are in the process, and how many threads each has.
type Flags struct {
	N       int // ranks in the process; 0 and 1 are those that were launched
	Threads int // of a rank; 0 shares the cores
}

// Flag adds --ranks and --threads to a command.
func Flag(fs *cli.FlagSet, f *Flags) {
	fs.IntVar(&f.N, "ranks", 1, "`N` ranks in this process, each with --batch and --threads of its own; under mpirun and srun they are those of the launch")
	fs.IntVar(&f.Threads, "threads", 0, "`N` threads of a rank; 0 is one for each core that it has, and CASCADE_NUM_THREADS, of the process, wins")
}

// workers settles the threads of the process, and tells those of a rank.
func (f Flags) workers() (int, error) {
	n := max(f.N, 1)
	if f.N < 0 {
		return 0, fmt.Errorf("%w: --ranks %d: it must not be negative", cli.ErrUsage, f.N)
	}
	all, err := threads.Use(f.Threads * n)
	if err != nil {
		return 0, err
	}
	return max(1, all/n), nil
}
