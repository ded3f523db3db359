package train

import (
	"math"
	"time"

	"github.com/cascade-hpc/cascade/dist"
)

// The sizes, in bytes, between which a bucket is chosen. Smaller ones wake threads beside
// the backward pass more often than what they save is worth, and larger ones leave too much
// behind it: between 1 and 25 MB are PyTorch's (Li et al., VLDB 2020).
const (
	leastBucket = 1 << 20
	mostBucket  = 25 << 20
	tries       = 7
	largeBucket = 4 << 20 // that is measured
)

// tune measures reductions of two sizes, takes the time of one to be latency + bytes/rate,
// and chooses the size of which latency is a twentieth. Rank 0 decides.
func tune(c *dist.Comm) (int, error) {
	const small = 1 << 10
	x, err := dist.Alloc[float32](largeBucket / 4)
	if err != nil {
		return 0, err
	}
	latency, err := timed(c, x[:small/4])
	if err != nil {
		return 0, err
	}
	whole, err := timed(c, x)
	if err != nil {
		return 0, err
	}
	rate := largeBucket / max(whole-latency, time.Microsecond).Seconds()
	size := []int64{int64(min(max(19*latency.Seconds()*rate, leastBucket), mostBucket))}
	err = dist.Bcast(c, size, 0)
	return int(size[0]), err
}

// timed is the least time of a reduction: what else runs on the machine can only add to it.
func timed(c *dist.Comm, x []float32) (time.Duration, error) {
	least := time.Duration(math.MaxInt64)
	for range tries {
		if err := c.Barrier(); err != nil {
			return 0, err
		}
		begin := time.Now()
		if err := dist.Allreduce(c, x, dist.Sum); err != nil {
			return 0, err
		}
		least = min(least, time.Since(begin))
	}
	return least, nil
}
