package ranks

import (
	"errors"
	"fmt"
	"os"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/dist/topology"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/ops"
)

// Rank is one of the ranks of a training.
type Rank struct {
	Comm *dist.Comm
	Pool *ops.Pool // of this rank
}

// Alone is the rank of a command that is not for several.
func Alone() *Rank { return &Rank{Comm: dist.Self(), Pool: ops.Default()} }

// Leads says that this rank is the one that prints and writes.
func (r *Rank) Leads() bool { return r.Comm.Rank() == 0 }

// Main is a program whose trainings know ranks: it takes its share of the cores first, as
// topology.Bind says.
func Main(p cli.Program) {
	if err := topology.Bind(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, err)
		os.Exit(2)
	}
	p.Main()
}

// Run calls work on every rank. What one of them finds wrong must be known to all by then,
// by Agree or as Loop.Run does it: they end together, so that a launcher does not end
// rank 0 while it writes. Of the ranks of a launch, only the first says that it was
// interrupted.
func (f Flags) Run(work func(r *Rank) error) error {
	workers, err := f.workers()
	if err != nil {
		return err
	}
	comm, err := dist.Init()
	if err != nil {
		return err
	}
	switch {
	case comm.Size() > 1 && f.N > 1:
		err = fmt.Errorf("%w: --ranks %d in each of %d processes: a launcher sets the number of ranks, or --ranks does", cli.ErrUsage, f.N, comm.Size())
		return errors.Join(heard(comm, err), comm.Close())
	case f.N > 1:
		return errors.Join(inProcess(f.N, workers, work), comm.Close())
	}
	err = look(comm)
	if err == nil {
		err = heard(comm, work(&Rank{Comm: comm, Pool: ops.Default()}))
	}
	return errors.Join(err, comm.Close())
}

// inProcess runs ranks that are goroutines, each with workers of its own.
func inProcess(n, workers int, work func(r *Rank) error) error {
	return dist.Run(n, func(c *dist.Comm) error {
		pool := ops.NewPool(workers)
		defer pool.Close()
		err := work(&Rank{Comm: c, Pool: pool})
		if c.Rank() > 0 && errors.Is(err, train.ErrInterrupted) {
			return nil // rank 0 says it
		}
		return err
	})
}

// look says what keeps ranks of a launch from their share of the machine.
func look(c *dist.Comm) error {
	if c.Size() == 1 {
		return nil
	}
	node, err := topology.Look(c, ops.Default().Workers())
	if err != nil {
		return err
	}
	if c.Rank() == 0 {
		fmt.Printf("%v\n%v\n", c, node)
	}
	if c.LocalRank() == 0 {
		for _, advice := range node.Advice() {
			fmt.Fprintln(os.Stderr, advice)
		}
	}
	return nil
}

// heard leaves it to rank 0 to say what ends all ranks in the same way.
func heard(c *dist.Comm, err error) error {
	if c.Rank() > 0 && (errors.Is(err, train.ErrInterrupted) || errors.Is(err, cli.ErrUsage)) {
		return fmt.Errorf("%w: %w", cli.ErrSaid, err)
	}
	return err
}
