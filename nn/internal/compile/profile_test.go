package compile

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
)

func TestProfile(t *testing.T) {
	p := watchedProgram(t, "profiled")
	none, err := p.Profile()
	require.NoError(t, err)
	assert.Equal(t, &Profile{Program: "profiled", Batch: 2}, none, "before it is asked for")

	p.StartProfile()
	require.NoError(t, p.Run(0))
	p.StartProfile()
	begin := time.Now()
	for i := range uint64(5) {
		require.NoError(t, p.Run(i))
	}
	took := time.Since(begin)
	r, err := p.Profile()
	require.NoError(t, err)
	assert.Equal(t, 5, r.Runs, "it began anew")
	assert.Equal(t, 2, r.Workers)
	assert.LessOrEqual(t, r.Time, took)
	assert.GreaterOrEqual(t, r.Outside(), time.Duration(0))
	require.Len(t, r.Rows, len(p.steps))
	var shares float64
	for i, row := range r.Rows {
		assert.Equal(t, p.steps[i].layer(), row.Layer)
		assert.Equal(t, 5, row.Calls)
		assert.Equal(t, 5*p.steps[i].info.Bytes, row.Bytes)
		assert.InDelta(t, float64(row.Bytes)/row.Time.Seconds()/1e9, row.GBs(), 1e-6)
		shares += row.Share
	}
	assert.InDelta(t, 1-r.Outside().Seconds()/r.Time.Seconds(), shares, 1e-9)
}

// TestProfileRows: the primitives of a layer are one row for each direction.
func TestProfileRows(t *testing.T) {
	one := func(name string, backward bool, kind string, flops, bytes int64) *step {
		return &step{
			node: &ir.Node{Name: name, Backward: backward},
			info: ops.Info{Kind: kind, Impl: "test", FLOPs: flops, Bytes: bytes},
		}
	}
	p := &Profile{Program: "net", Batch: 4, Workers: 3, Runs: 2, Time: 20 * time.Second, Roofline: ops.Roofline{FLOPs: 1e9, Bandwidth: 1e9}}
	p.addRows([]*step{
		one("conv_1", false, "convolution", 2e9, 1e9),
		one("loss", false, "loss", 0, 1e9),
		one("conv_1", true, "convolution", 2e9, 0),
		one("conv_1", true, "reorder", 0, 5e8),
	}, &profile{runs: 2, total: 20 * time.Second, steps: []time.Duration{8 * time.Second, 2 * time.Second, 5 * time.Second, 4 * time.Second}})

	assert.Equal(t, []ProfileRow{
		{Layer: "conv_1", Primitives: []string{"convolution test"}, Calls: 2, Time: 8 * time.Second, FLOPs: 4e9, Bytes: 2e9, Share: 0.4, Roofline: 0.5},
		{Layer: "loss", Primitives: []string{"loss test"}, Calls: 2, Time: 2 * time.Second, Bytes: 2e9, Share: 0.1, Roofline: 1},
		{
			Layer: "conv_1", Backward: true, Primitives: []string{"convolution test", "reorder test"}, Calls: 4,
			Time: 9 * time.Second, FLOPs: 4e9, Bytes: 1e9, Share: 0.45, Roofline: 5. / 9,
		},
	}, p.Rows)
	assert.Equal(t, time.Second, p.Outside())
	assert.Equal(t, `profile of "net": 2 runs of batch 4 on 3 workers, 10000.000 ms each
roofline: 1 GFLOP/s, 1.0 GB/s
layer               pass       calls     time/run   share  GFLOP/s    GB/s  roofline  primitives
conv_1              forward        2  4000.000 ms   40.0%      0.5     0.2       50%  convolution test
loss                forward        2  1000.000 ms   10.0%      0.0     1.0      100%  loss test
conv_1              backward       4  4500.000 ms   45.0%      0.4     0.1       56%  convolution test, reorder test
all primitives                     8  9500.000 ms   95.0%      0.4     0.3       58%
outside primitives                     500.000 ms    5.0%
`, regexp.MustCompile(` +\n`).ReplaceAllString(p.String(), "\n"))
}

// TestProfileWithoutPeak: where the peak is unknown, so is the share of it.
func TestProfileWithoutPeak(t *testing.T) {
	p := &Profile{Program: "net", Runs: 1, Time: time.Second, Rows: []ProfileRow{{Layer: "a", Time: time.Second}}}
	assert.NotContains(t, p.String(), "roofline:")
	assert.Regexp(t, `a +forward +0 .* - `, p.String())
	assert.Equal(t, "profile of \"\": 0 runs of batch 0 on 0 workers, 0 ms each\n", (&Profile{}).String())
}
