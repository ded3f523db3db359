package ranks

import (
	"context"
	"errors"
	"fmt"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/train"
)

// Steady is a context for what all ranks do together: one that left a step at its end would
// leave the others in it.
func Steady(ctx context.Context, c *dist.Comm) context.Context {
	if c.Size() == 1 {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// Ended is the error of work ahead of the training, which is an interruption where ctx has
// ended: nothing was done yet.
func Ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return train.ErrInterrupted
	}
	return err
}

// Resumable adds to an interruption of a training how it goes on.
func Resumable(err error) error {
	if errors.Is(err, train.ErrInterrupted) {
		return fmt.Errorf("%w; add --resume to the same command to go on", err)
	}
	return err
}
