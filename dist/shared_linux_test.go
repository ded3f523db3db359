package dist

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist/internal/shm"
)

// sharing calls f as ranks that each have their own mapping of one memory, as processes
// have.
func sharing(t *testing.T, ranks int, f func(s *shared)) {
	t.Helper()
	_, name, err := shm.Create(sharedBytes(ranks))
	require.NoError(t, err)
	var all sync.WaitGroup
	for rank := range ranks {
		m, err := shm.Open(name, sharedBytes(ranks))
		require.NoError(t, err)
		all.Go(func() {
			s := &shared{memory: m, barrier: shm.NewBarrier(m.Bytes(), ranks), rank: rank, size: ranks}
			f(s)
			assert.NoError(t, s.close())
		})
	}
	require.NoError(t, shm.Remove(name))
	all.Wait()
}

// TestSharedMemoryAddsUpInTheOrderOfRanks: every length around those at which something
// changes gives all ranks the bits of a plain sum from rank 0 on.
func TestSharedMemoryAddsUpInTheOrderOfRanks(t *testing.T) {
	lengths := []int{1, 15, 16, 17, few/4 - 1, few / 4, few/4 + 1, portion/4 - 1, portion / 4, portion/4 + 1, 3*portion/4 + 100}
	value := func(rank, i int) float32 { return float32(math.Sin(float64(rank*7919 + i))) }
	for _, ranks := range []int{2, 3, 5} {
		t.Run(fmt.Sprint(ranks), func(t *testing.T) {
			sharing(t, ranks, func(s *shared) {
				for _, n := range lengths {
					x := make([]float32, n)
					for i := range x {
						x[i] = value(s.rank, i)
					}
					if !assert.NoError(t, s.allreduce(vectorOf(x), Sum)) {
						return
					}
					for i, got := range x {
						want := value(0, i)
						for rank := 1; rank < ranks; rank++ {
							want += value(rank, i)
						}
						if got != want {
							t.Errorf("rank %d of %d, element %d of %d: %v, expected %v", s.rank, ranks, i, n, got, want)
							return
						}
					}
				}
			})
		})
	}
}

func TestSharedMemoryKnowsAllKinds(t *testing.T) {
	sharing(t, 3, func(s *shared) {
		n := portion/8 + 3
		ints, doubles := make([]int64, n), make([]float64, n)
		for i := range n {
			ints[i], doubles[i] = int64(i*(s.rank+1)), float64(-i*(s.rank+1))
		}
		assert.NoError(t, s.allreduce(vectorOf(ints), Max))
		assert.NoError(t, s.allreduce(vectorOf(doubles), Min))
		for i := range n {
			if ints[i] != int64(3*i) || doubles[i] != float64(-3*i) {
				t.Errorf("element %d: %d and %v", i, ints[i], doubles[i])
				return
			}
		}
	})
}

// TestSharedMemoryFindsCallsThatDiffer, on all ranks, and the next call is none the worse.
func TestSharedMemoryFindsCallsThatDiffer(t *testing.T) {
	sharing(t, 3, func(s *shared) {
		x := make([]float32, 100)
		for i := range x {
			x[i] = 1
		}
		lonely := func(with, other func() error) error {
			if s.rank == 1 {
				return other()
			}
			return with()
		}
		sum := func() error { return s.allreduce(vectorOf(x[:50]), Sum) }
		err := lonely(sum, func() error { return s.allreduce(vectorOf(x[:60]), Sum) })
		assert.ErrorIs(t, err, ErrMismatch)
		assert.ErrorContains(t, err, "60 float32 by sum")
		assert.ErrorIs(t, lonely(sum, func() error { return s.allreduce(vectorOf(x[:50]), Max) }), ErrMismatch)
		assert.ErrorIs(t, lonely(sum, s.wait), ErrMismatch)
		assert.NoError(t, s.wait())
		assert.NoError(t, sum())
		assert.Equal(t, float32(3), x[49])
		assert.Equal(t, float32(1), x[50])
	})
}
