package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// TestRanksJudgeLikeOne: ranks that make blocks in turn find what one finds, to the bit,
// on all of them and each time: with fewer ranks than blocks and with more.
func TestRanksJudgeLikeOne(t *testing.T) {
	showers := filepath.Join(t.TempDir(), "showers.h5")
	const held = 2*readBlock + 9
	require.NoError(t, simulation{events: held + 4, out: showers, seed: 3, threads: 2, shower: shower.Config{}}.run(t.Context()))
	preset, err := gan.ByName("small")
	require.NoError(t, err)
	judged := func(ranks int) [][]float64 {
		found := make([][]float64, 2*ranks)
		require.NoError(t, dist.Run(ranks, func(c *dist.Comm) error {
			pool := ops.NewPool(1)
			defer pool.Close()
			g, err := gan.NewTrainer(preset, gan.Config{Batch: 1, Steps: 1, Seed: 7, Profiles: new(gan.Profiles), Comm: c, Pool: pool})
			if err != nil {
				return err
			}
			defer g.Close()
			f, err := openFeed(c, showers, preset.Image, 1, held, 5)
			if err != nil {
				return err
			}
			defer f.close()
			j := judge{preset: preset, net: g.Average, feed: f, pool: pool, seed: 5}
			for again := range 2 {
				values := make([]float64, len(validations))
				if err := j.validate(train.Position{}, values); err != nil {
					return err
				}
				found[again*ranks+c.Rank()] = values
			}
			return nil
		}))
		return found
	}
	want := judged(1)[0]
	assert.NotZero(t, want[0])
	for _, ranks := range []int{2, 4} {
		for _, got := range judged(ranks) {
			assert.Equal(t, want, got, fmt.Sprintf("%d ranks", ranks))
		}
	}
}
