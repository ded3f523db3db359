package dist

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHierarchicalAllreduceIsAnAllreduce: groups of two and three near ranks, which stand
// for machines, come to what all ranks come to together. The numbers are whole ones, which
// no order of additions changes.
func TestHierarchicalAllreduceIsAnAllreduce(t *testing.T) {
	for _, near := range []int{2, 3} {
		for _, n := range []int{0, 1, 2, 3, 7, 64, 1001} {
			for _, op := range []Op{Sum, Max, Min} {
				t.Run(fmt.Sprintf("%v of %d, %d near", op, n, near), func(t *testing.T) {
					require.NoError(t, Run(6, func(c *Comm) error {
						h, err := grouped(c, c.Rank()/near)
						if err != nil {
							return err
						}
						defer h.Close()
						likeThatOf(t, c, h, fill[float32](c.Rank(), n), op)
						likeThatOf(t, c, h, fill[float64](c.Rank(), n), op)
						likeThatOf(t, c, h, fill[int64](c.Rank(), n), op)
						return h.Barrier()
					}))
				})
			}
		}
	}
}

func grouped(c *Comm, colour int) (*Comm, error) {
	near, err := c.Split(colour, c.Rank())
	if err != nil {
		return nil, err
	}
	return Hierarchical(c, near)
}

func likeThatOf[T Number](t *testing.T, c, h *Comm, x []T, op Op) {
	want := slices.Clone(x)
	assert.NoError(t, Allreduce(c, want, op))
	assert.NoError(t, Allreduce(h, x, op))
	assert.Equal(t, want, x)
}

// TestHierarchicalGivesAllTheSameBits: of numbers that do not add up exactly.
func TestHierarchicalGivesAllTheSameBits(t *testing.T) {
	results := make([][]float32, 6)
	require.NoError(t, Run(6, func(c *Comm) error {
		h, err := grouped(c, c.Rank()%3) // near ranks need not be neighbours
		if err != nil {
			return err
		}
		x := make([]float32, 1003)
		for i := range x {
			x[i] = 1 / float32(1+i+c.Rank())
		}
		results[c.Rank()] = x
		r, err := AllreduceInit(h, x, Sum) // beside the caller, as gradients travel
		if err != nil {
			return err
		}
		r.Start()
		return r.Wait()
	}))
	for i, x := range results[0] {
		sum := 0.0
		for rank := range 6 {
			sum += 1 / float64(1+i+rank)
		}
		require.InDelta(t, sum, float64(x), 1e-6*sum)
	}
	for _, other := range results[1:] {
		require.Equal(t, results[0], other)
	}
}

func TestHierarchicalRefuses(t *testing.T) {
	for _, tc := range []struct {
		name   string
		colour func(rank int) int
		says   string
	}{
		{"groups of several sizes", func(rank int) int { return rank / 3 }, "some ranks have 1 near ones and others 3"},
		{"groups of one", func(rank int) int { return rank }, "groups of 1 of 4 ranks"},
		{"a group of all", func(int) int { return 0 }, "groups of 4 of 4 ranks"},
		{"no group", func(int) int { return -1 }, "the near ranks are no part of the group"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.NoError(t, Run(4, func(c *Comm) error {
				_, err := grouped(c, tc.colour(c.Rank()))
				assert.ErrorIs(t, err, ErrArgument)
				assert.ErrorContains(t, err, tc.says)
				return nil
			}))
		})
	}
	_, err := Hierarchical(Self(), Self())
	require.ErrorIs(t, err, ErrArgument)
}
