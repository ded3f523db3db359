package ranks

import (
	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/philox"
)

// stream is any number that no other stream of numbers has.
const stream = 101

// Seed is that of what a rank draws by itself, such as what dropout drops: that of the
// training on rank 0, and another one on each of the others.
func Seed(c *dist.Comm, seed uint64) uint64 {
	if c.Rank() == 0 {
		return seed
	}
	r := philox.NewStream(seed, stream).At(uint64(c.Rank()))
	return r.Uint64()
}
