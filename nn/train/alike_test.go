package train_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn/train"
)

// TestRanksWithDifferentTrainingsAreRefused, all of them, before one waits for another.
func TestRanksWithDifferentTrainingsAreRefused(t *testing.T) {
	for _, test := range []struct {
		change func(l *train.Loop)
		says   string
	}{
		{func(l *train.Loop) { l.Epochs = 3 }, "train: the ranks disagree: rank 1 trains 3 epochs of 5 steps of 6 samples, rank 0 4 epochs of 5 steps of 6 samples"},
		{func(l *train.Loop) { l.Batch = 5 }, "train: the ranks disagree: rank 1 trains 4 epochs of 5 steps of 5 samples, rank 0 4 epochs of 5 steps of 6 samples"},
		{func(l *train.Loop) { l.Best = "loss" }, "train: the ranks disagree: rank 1 trains with other metrics, validations or another plan than rank 0"},
	} {
		k := crew{dir: t.TempDir(), ranks: 2, change: func(c *dist.Comm, l *train.Loop) {
			if c.Rank() == 1 {
				test.change(l)
			}
		}}
		require.ErrorIs(t, k.run(t), dist.ErrMismatch)
		for _, err := range k.errs {
			assert.EqualError(t, err, test.says)
		}
	}
}
