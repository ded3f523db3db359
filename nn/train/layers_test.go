package train

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
)

// TestLayersOfOneMachine: ranks of one machine, or one rank, reduce as they are.
func TestLayersOfOneMachine(t *testing.T) {
	for _, ranks := range []int{1, 2, 3} {
		require.NoError(t, dist.Run(ranks, func(c *dist.Comm) error {
			chosen, layered, err := layers(c)
			assert.Same(t, c, chosen)
			assert.False(t, layered)
			return err
		}))
	}
}

// TestTheFasterReductionIsTheSameOnAllRanks: pairs of ranks stand for machines. Whichever
// way is faster, all take it, and it adds up.
func TestTheFasterReductionIsTheSameOnAllRanks(t *testing.T) {
	var took [4]bool
	require.NoError(t, dist.Run(4, func(c *dist.Comm) error {
		near, err := c.Split(c.Rank()/2, c.Rank())
		if err != nil {
			return err
		}
		chosen, layered, err := faster(c, near)
		if err != nil {
			return err
		}
		took[c.Rank()] = layered
		return addsUp(t, chosen)
	}))
	for _, other := range took {
		assert.Equal(t, took[0], other)
	}
}

// TestRank0Decides: what the others measured does not count.
func TestRank0Decides(t *testing.T) {
	for _, better := range []bool{false, true} {
		require.NoError(t, dist.Run(4, func(c *dist.Comm) error {
			near, err := c.Split(c.Rank()/2, c.Rank())
			if err != nil {
				return err
			}
			h, err := dist.Hierarchical(c, near)
			if err != nil {
				return err
			}
			chosen, layered, err := decide(c, h, better == (c.Rank() == 0))
			if err != nil {
				return err
			}
			assert.Equal(t, better, layered)
			assert.Equal(t, better, chosen == h)
			return addsUp(t, chosen)
		}))
	}
}

func addsUp(t *testing.T, c *dist.Comm) error {
	x := []float32{1, 2, 3}
	err := dist.Allreduce(c, x, dist.Sum)
	assert.Equal(t, []float32{4, 8, 12}, x)
	return err
}

func TestStatsTellOfLayers(t *testing.T) {
	assert.Contains(t, ReductionStats{Layered: true}.String(), "reduced machine by machine in 0s")
	assert.Contains(t, ReductionStats{}.String(), "reduced in 0s")
	late := ReductionStats{Steps: 2, Busy: 4 * time.Millisecond, Exposed: 6 * time.Millisecond}.String()
	assert.Contains(t, late, "reduced in 2ms; it waits 3ms for ranks and for what is left of that when the backward pass is done")
}
