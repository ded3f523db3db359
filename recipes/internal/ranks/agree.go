package ranks

import (
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
)

// What a rank tells the others of its error.
const (
	fine = iota
	interrupted
	failed
)

// Agree makes an error of one rank one of all, before something that all must do. The
// first of those that failed returns its own, the others an error that leaves it to that
// one to say why. All ranks must call it. An interruption stays one on all of them.
func Agree(c *dist.Comm, err error) error {
	if c.Size() == 1 {
		return err
	}
	code := int64(fine)
	switch {
	case errors.Is(err, train.ErrInterrupted):
		code = interrupted
	case err != nil:
		code = failed
	}
	all := make([]int64, c.Size())
	if e := dist.Allgather(c, all, []int64{code}); e != nil {
		return errors.Join(err, e)
	}
	for _, kind := range []int64{failed, interrupted} {
		for rank, code := range all {
			switch {
			case code != kind:
				continue
			case rank == c.Rank():
				return err
			case kind == interrupted:
				return fmt.Errorf("%w: rank %d was", train.ErrInterrupted, rank) // Run lets rank 0 say it
			}
			return fmt.Errorf("%w: %w: rank %d failed, and says why", cli.ErrSaid, dist.ErrLeft, rank)
		}
	}
	return nil
}
