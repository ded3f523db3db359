package gan

import (
	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/schedule"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

// Config is a training.
type Config struct {
	Batch int    // showers in a batch, of this rank
	Steps int    // of the whole training: what a falling learning rate is measured by
	Seed  uint64 // of everything that is drawn
	// Profiles are those of the data, fitted: for a preset with WeightPlanes.
	Profiles *Profiles

	// Comm is the group of ranks that train together; nil is alone. They see and draw what
	// one rank with the batches of all would, but for what dropout drops, which each draws
	// by itself. See Trainer.Join.
	Comm *dist.Comm
	// SyncBatchNorm takes the statistics of a batch from those of all ranks.
	SyncBatchNorm bool
	// Pool are the workers of the programs; nil is ops.Default.
	Pool *ops.Pool
	// Scale is what both learning rates are multiplied with; nil is 1.
	Scale schedule.Law
}

// settled has a group, a pool and a law.
func (c Config) settled() Config {
	if c.Comm == nil {
		c.Comm = dist.Self()
	}
	if c.Pool == nil {
		c.Pool = ops.Default()
	}
	if c.Scale == nil {
		c.Scale = schedule.Constant(1)
	}
	return c
}

func (c Config) share() share { return share{c.Comm.Rank(), c.Comm.Size()} }

// options are those of all programs.
func (c Config) options() []nn.Option {
	of := ranks.Flags{SyncNorm: c.SyncBatchNorm}
	return append(of.Options(&ranks.Rank{Comm: c.Comm, Pool: c.Pool}), nn.Batch(c.Batch))
}
