package replay

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/dist/bench/internal/record"
	"github.com/cascade-hpc/cascade/dist/bench/internal/workload"
	"github.com/cascade-hpc/cascade/nn/train"
)

// TestBucketsAreThoseThatTrainingMakes, of sizes from less than a gradient to all at once.
func TestBucketsAreThoseThatTrainingMakes(t *testing.T) {
	for _, limit := range []int{4, 20_000, 300_000, 64 << 20} {
		step, err := workload.New("resnet20", 1)
		require.NoError(t, err)
		defer step.Close()
		m, err := record.Measure(step, 1)
		require.NoError(t, err)
		list, bytes := buckets(m.Runs[0], limit), int64(0)
		for i, b := range list {
			bytes += int64(4 * b.n)
			assert.True(t, i == 0 || list[i-1].at <= b.at, "bucket %d leaves behind the one before", i)
		}
		got := trained(t, limit)
		assert.Equal(t, got.Buckets, len(list), "buckets of %d bytes", limit)
		assert.Equal(t, got.Bytes, bytes, "bytes in buckets of %d", limit)
	}
}

// trained is what a reduction among two ranks makes of the same step.
func trained(t *testing.T, limit int) (stats train.ReductionStats) {
	err := dist.Run(2, func(c *dist.Comm) error {
		step, err := workload.New("resnet20", 1)
		if err != nil {
			return err
		}
		defer step.Close()
		r, err := train.Reduce{Bucket: limit}.New(c, step.Parts[0].Program, step.Parts[0].Net)
		if err == nil && c.Rank() == 0 {
			stats = r.Stats()
		}
		return err
	})
	require.NoError(t, err)
	return stats
}
