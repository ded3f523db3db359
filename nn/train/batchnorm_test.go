package train_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/train"
)

// normCourse is the losses of 20 steps, means over the ranks, and the weights and
// statistics that they come to on every rank.
func normCourse(t *testing.T, ranks int, sync bool) (losses []float64, weights [][]float32) {
	t.Helper()
	losses, weights = make([]float64, 20), make([][]float32, ranks)
	require.NoError(t, dist.Run(ranks, func(c *dist.Comm) error {
		var options []nn.Option
		if sync {
			options = append(options, train.SyncBatchNorm(c))
		}
		w, err := newWorker(c, train.Reduce{Bucket: 300}, true, options...)
		if err != nil {
			return err
		}
		defer w.program.Close()
		for at := range losses {
			if err := w.step(uint64(at)); err != nil {
				return err
			}
			loss := []float64{float64(w.loss[0]) / float64(ranks)}
			if err := dist.Allreduce(c, loss, dist.Sum); err != nil {
				return err
			}
			if c.Rank() == 0 {
				losses[at] = loss[0]
			}
		}
		weights[c.Rank()] = append(append([]float32(nil), w.net.Weights()...), w.net.Statistics()...)
		return nil
	}))
	return losses, weights
}

// TestSyncBatchNormTrainsLikeOne: with synchronised statistics the ranks' shares of a batch
// give the losses, weights and running statistics of the whole batch in one process, but
// for rounding, and without they do not.
func TestSyncBatchNormTrainsLikeOne(t *testing.T) {
	want, one := normCourse(t, 1, true)
	alone, _ := normCourse(t, 1, false)
	assert.Equal(t, alone, want, "one rank has nobody to share with")
	for _, ranks := range []int{2, 3} {
		t.Run(fmt.Sprintf("%d ranks", ranks), func(t *testing.T) {
			losses, weights := normCourse(t, ranks, true)
			assert.InDeltaSlice(t, want, losses, 1e-6)
			for i, w := range one[0] {
				require.InDelta(t, w, weights[0][i], 1e-5, "weight or statistic %d", i)
			}
			for _, other := range weights[1:] {
				require.Equal(t, weights[0], other)
			}
			apart, _ := normCourse(t, ranks, false)
			assert.Greater(t, abs(apart[19]-want[19]), 1e-4, "each by its own statistics")
		})
	}
}

func abs(x float64) float64 { return max(x, -x) }

// TestSyncBatchNormReportsTheGroup: an error of the exchange is one of the run, once.
func TestSyncBatchNormReportsTheGroup(t *testing.T) {
	broken, fails := errors.New("no network"), true
	w, err := newWorker(dist.Self(), train.Reduce{}, true, nn.SyncBatchNorm(2, func([]float64) error {
		if fails {
			return broken
		}
		return nil
	}))
	require.NoError(t, err)
	defer w.program.Close()
	err = w.program.Run(0)
	require.ErrorIs(t, err, broken)
	assert.ErrorContains(t, err, `program "step": batch statistics over the ranks`)
	fails = false
	require.NoError(t, w.program.Run(1))
}

// TestSyncBatchNormOfARankThatLeft: the others' runs end with the error of the group.
func TestSyncBatchNormOfARankThatLeft(t *testing.T) {
	var runs [2]error
	require.NoError(t, dist.Run(2, func(c *dist.Comm) error {
		w, err := newWorker(c, train.Reduce{}, true, train.SyncBatchNorm(c))
		if err != nil || c.Rank() == 1 {
			return err
		}
		defer w.program.Close()
		runs[0] = w.program.Run(0)
		return nil
	}))
	require.ErrorIs(t, runs[0], dist.ErrLeft)
}

// TestSyncBatchNormWithoutASum is refused where programs are compiled.
func TestSyncBatchNormWithoutASum(t *testing.T) {
	_, err := newWorker(dist.Self(), train.Reduce{}, true, nn.SyncBatchNorm(2, nil))
	require.ErrorIs(t, err, nn.ErrUnsupported)
	assert.ErrorContains(t, err, "SyncBatchNorm over 2 ranks without a sum")
}
