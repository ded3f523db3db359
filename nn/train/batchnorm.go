package train

import (
	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
)

// SyncBatchNorm is [nn.SyncBatchNorm] over the ranks of a group. Programs that are compiled
// with it must run in the same order on all ranks, as a [Reduction] asks for too; an error
// of the group is one of the run. Each exchange waits for the gradients that are already
// on their way, since a rank makes one call after the other.
func SyncBatchNorm(c *dist.Comm) nn.Option {
	var sums []float64
	exchange := dist.Prepare(c, func(now *dist.Comm) error { return dist.Allreduce(now, sums, dist.Sum) })
	return nn.SyncBatchNorm(c.Size(), func(x []float64) error {
		sums = x
		exchange.Start()
		return exchange.Wait()
	})
}
