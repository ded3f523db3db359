package main

import (
	"context"
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/recipes/resnet/dataset"
)

// feed deals out shuffled batches to train on. Which images are in a batch depends on the
// seed, the epoch and the step alone; the level of augmentation may change between steps.
type feed struct {
	*data.Loader
	comm  *dist.Comm
	set   *dataset.Set
	batch int
	seed  uint64
	level plan.Augment
}

// openFeed begins without augmentation, and deals out the share of a rank.
func openFeed(c *dist.Comm, s *dataset.Set, batch int, seed uint64) (*feed, error) {
	f := &feed{comm: c, set: s, batch: batch, seed: seed}
	if err := f.use(plan.None); err != nil {
		return nil, err
	}
	return f, nil
}

// use changes the level of augmentation.
func (f *feed) use(level plan.Augment) error {
	if f.Loader != nil && level == f.level {
		return nil
	}
	l, err := f.set.Training(level).Shuffle(f.seed, 0).Shard(f.comm.Rank(), f.comm.Size()).Batch(f.batch, data.Drop).Loader()
	if err != nil {
		return fmt.Errorf("%s: the images to train on: %w", f.set.Name, err)
	}
	if f.Loader != nil {
		err = f.Close()
	}
	f.Loader, f.level = l, level
	return err
}

// take is the batch of a step: pixels and labels, valid until the next call.
func (f *feed) take(ctx context.Context, epoch, step int) (pixels, labels []float32, err error) {
	b, err := f.At(ctx, epoch, step)
	if err != nil {
		return nil, nil, err
	}
	pixels, labels = f.set.Batch(b)
	return pixels, labels, nil
}
