package ranks

import (
	"fmt"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/threads"
)

// Flags are how many ranks there are in the process, how many threads each has, and what
// they share.
type Flags struct {
	N        int  // ranks in the process; 0 and 1 are those that were launched
	Threads  int  // of a rank; 0 shares the cores
	Bucket   int  // bytes of gradients that travel together; 0 measures what is best
	BFloat16 bool // gradients travel in half the space
	SyncNorm bool // batches are normalised by the statistics of all ranks
}

// Flag adds --ranks, --threads, --bucket, --bf16 and --sync-batchnorm to a command.
func Flag(fs *cli.FlagSet, f *Flags) {
	fs.IntVar(&f.N, "ranks", 1, "`N` ranks in this process, each with --batch and --threads of its own; under mpirun and srun they are those of the launch")
	fs.IntVar(&f.Threads, "threads", 0, "`N` threads of a rank; 0 is one for each core that it has, and CASCADE_NUM_THREADS, of the process, wins")
	fs.IntVar(&f.Bucket, "bucket", 0, "`BYTES` of gradients that ranks add up together; 0 measures what is best, by which three ranks or more may get other last bits in another run: a number gives the same")
	fs.BoolVar(&f.BFloat16, "bf16", false, "send gradients between ranks in bfloat16, half the space")
	fs.BoolVar(&f.SyncNorm, "sync-batchnorm", false, "normalise by the statistics of the batch of all ranks; for a small batch of each rank")
}

// Reduce says how gradients are shared.
func (f Flags) Reduce() train.Reduce { return train.Reduce{Bucket: f.Bucket, BFloat16: f.BFloat16} }

// Options are those of a program that trains on a rank.
func (f Flags) Options(r *Rank) []nn.Option {
	o := []nn.Option{nn.OnPool(r.Pool)}
	if f.SyncNorm && r.Comm.Size() > 1 {
		o = append(o, train.SyncBatchNorm(r.Comm))
	}
	return o
}

// workers settles the threads of the process, and tells those of a rank.
func (f Flags) workers() (int, error) {
	n := max(f.N, 1)
	switch {
	case f.N < 0:
		return 0, fmt.Errorf("%w: --ranks %d: it must not be negative", cli.ErrUsage, f.N)
	case f.Bucket < 0:
		return 0, fmt.Errorf("%w: --bucket %d: it must not be negative", cli.ErrUsage, f.Bucket)
	}
	all, err := threads.Use(f.Threads * n)
	if err != nil {
		return 0, err
	}
	return max(1, all/n), nil
}
