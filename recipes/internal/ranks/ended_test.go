package ranks_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

func TestOnlyARankThatIsAloneLeavesAStep(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Error(t, ranks.Steady(ctx, dist.Self()).Err())
	require.NoError(t, dist.Run(2, func(c *dist.Comm) error { return ranks.Steady(ctx, c).Err() }))
}

func TestAnInterruptionIsToldFromAFailure(t *testing.T) {
	bad := errors.New("bad")
	ctx, cancel := context.WithCancel(t.Context())
	assert.Equal(t, bad, ranks.Ended(ctx, bad))
	cancel()
	require.NoError(t, ranks.Ended(ctx, nil))
	require.ErrorIs(t, ranks.Ended(ctx, bad), train.ErrInterrupted)

	assert.Equal(t, bad, ranks.Resumable(bad))
	assert.EqualError(t, ranks.Resumable(train.ErrInterrupted), "interrupted; add --resume to the same command to go on")
}
