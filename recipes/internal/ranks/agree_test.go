package ranks_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
)

func ExampleAgree() {
	err := dist.Run(3, func(c *dist.Comm) error {
		var err error
		if c.Rank() == 1 {
			err = errors.New("the file is damaged")
		}
		return ranks.Agree(c, err)
	})
	fmt.Println(err)
	// Output: the file is damaged
}

func TestAgreeTellsAllWhatOneMet(t *testing.T) {
	bad, worse := errors.New("bad"), errors.New("worse")
	for _, test := range []struct {
		name string
		errs [3]error
		who  int   // says it; -1 is nobody
		kind error // of the others
	}{
		{"nothing", [3]error{}, -1, nil},
		{"one failed", [3]error{nil, nil, bad}, 2, dist.ErrLeft},
		{"the first of two says it", [3]error{nil, bad, worse}, 1, dist.ErrLeft},
		{"an interruption", [3]error{nil, train.ErrInterrupted, nil}, 1, train.ErrInterrupted},
		{"a failure counts more", [3]error{train.ErrInterrupted, nil, bad}, 2, dist.ErrLeft},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := make([]error, 3)
			require.NoError(t, dist.Run(3, func(c *dist.Comm) error {
				got[c.Rank()] = ranks.Agree(c, test.errs[c.Rank()])
				return nil
			}))
			for rank, err := range got {
				if rank == test.who {
					assert.Equal(t, test.errs[rank], err)
					continue
				}
				assert.ErrorIs(t, err, test.kind)
				assert.Equal(t, test.kind == dist.ErrLeft, errors.Is(err, cli.ErrSaid)) // Run silences interruptions, but on rank 0
			}
		})
	}
}

func TestSumAddsUpUnlessAShareFailed(t *testing.T) {
	bad := errors.New("bad")
	for _, failing := range []int{-1, 0, 2} {
		require.NoError(t, dist.Run(3, func(c *dist.Comm) error {
			x, y := []float64{float64(c.Rank()), 1}, []float64{10}
			var err error
			if c.Rank() == failing {
				err = bad
			}
			got := ranks.Sum(c, err, x, y)
			switch {
			case failing < 0:
				assert.NoError(t, got)
				assert.Equal(t, []float64{3, 3, 30}, append(x, y...))
			case failing == c.Rank():
				assert.Equal(t, bad, got)
				assert.Equal(t, bad, ranks.Told(got))
			default:
				assert.ErrorIs(t, got, ranks.ErrElsewhere)
				assert.NoError(t, ranks.Told(got))
			}
			return nil
		}))
	}
	x := []float64{7}
	assert.Equal(t, bad, ranks.Sum(dist.Self(), bad, x))
	assert.Equal(t, []float64{7}, x)
}

func TestSeedsOfRanksDiffer(t *testing.T) {
	seeds := make([]uint64, 4)
	require.NoError(t, dist.Run(4, func(c *dist.Comm) error {
		seeds[c.Rank()] = ranks.Seed(c, 9)
		return nil
	}))
	assert.Equal(t, uint64(9), seeds[0])
	for i := range seeds {
		assert.NotContains(t, seeds[:i], seeds[i])
	}
}

// TestRunSaysWhoWasInterrupted: rank 0 does, though it was another.
func TestRunSaysWhoWasInterrupted(t *testing.T) {
	err := ranks.Flags{N: 2}.Run(func(r *ranks.Rank) error {
		var err error
		if !r.Leads() {
			err = train.ErrInterrupted
		}
		return ranks.Agree(r.Comm, err)
	})
	require.ErrorIs(t, err, train.ErrInterrupted)
	require.NotErrorIs(t, err, cli.ErrSaid)
	assert.EqualError(t, err, "interrupted: rank 1 was")
}

// TestRunSaysOnceThatItWasInterrupted, and gives each rank workers of its own.
func TestRunSaysOnceThatItWasInterrupted(t *testing.T) {
	workers := make([]int, 3)
	err := ranks.Flags{N: 3}.Run(func(r *ranks.Rank) error {
		workers[r.Comm.Rank()] = r.Pool.Workers()
		assert.Equal(t, r.Comm.Rank() == 0, r.Leads())
		return fmt.Errorf("%w: by rank %d", train.ErrInterrupted, r.Comm.Rank())
	})
	require.ErrorIs(t, err, train.ErrInterrupted)
	assert.EqualError(t, err, "interrupted: by rank 0")
	for _, n := range workers {
		assert.Positive(t, n)
	}
	assert.ErrorIs(t, ranks.Flags{N: -1}.Run(nil), cli.ErrUsage)
}
