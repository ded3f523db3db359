package replay

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// play carries out an algorithm on numbers: vectors of all ranks, round by round. It fails
// where a message has no receiver, or one that expects something else.
func play(t *testing.T, a Algorithm, size, n int) (vectors [][]int, sent []int) {
	t.Helper()
	rounds := make([][]Round, size)
	vectors, sent = make([][]int, size), make([]int, size)
	for rank := range size {
		rounds[rank] = slices.Collect(a(rank, size, n))
		vectors[rank] = make([]int, n)
		for i := range n {
			vectors[rank][i] = (rank + 1) * (i + 7)
		}
		require.Len(t, rounds[rank], len(rounds[0]), "rounds of rank %d", rank)
	}
	for k := range rounds[0] {
		before := make([][]int, size)
		for rank := range size {
			before[rank] = slices.Clone(vectors[rank])
		}
		for rank := range size {
			r := rounds[rank][k]
			require.Equal(t, rank, rounds[r.From][k].To, "round %d: who sends to rank %d", k, rank)
			require.Equal(t, rounds[r.From][k].Send, r.Receive, "round %d: what rank %d receives", k, rank)
			sent[rank] += r.Send.Len()
			for i := r.Receive.Begin; i < r.Receive.End; i++ {
				got := before[r.From][i]
				if r.Add {
					got += before[rank][i]
				}
				vectors[rank][i] = got
			}
		}
	}
	return vectors, sent
}

func TestEveryAlgorithmAddsUpTheVectorsOfAllRanks(t *testing.T) {
	tests := []struct {
		name  string
		a     Algorithm
		sizes []int
	}{
		{"ring", Ring, []int{1, 2, 3, 4, 7, 8}},
		{"halving", Halving, []int{1, 2, 4, 8, 16}},
		{"halving, two near", Layered(Halving, 2), []int{2, 4, 8, 16}},
		{"halving, three near", Layered(Halving, 3), []int{3, 6, 12, 24}},
		{"ring, four near", Layered(Ring, 4), []int{4, 12, 20}},
	}
	for _, test := range tests {
		for _, size := range test.sizes {
			for _, n := range []int{0, 1, 5, 48, 1001} {
				t.Run(fmt.Sprintf("%s of %d among %d", test.name, n, size), func(t *testing.T) {
					vectors, _ := play(t, test.a, size, n)
					for rank, v := range vectors {
						for i, got := range v {
							require.Equal(t, size*(size+1)/2*(i+7), got, "element %d of rank %d", i, rank)
						}
					}
				})
			}
		}
	}
}

// TestEveryRankSendsTheLeastThereCanBe: 2n(p-1)/p, in all algorithms.
func TestEveryRankSendsTheLeastThereCanBe(t *testing.T) {
	const n = 96 * 16
	for name, a := range map[string]Algorithm{
		"ring": Ring, "halving": Halving, "near first": Layered(Halving, 2), "near first, ring": Layered(Ring, 4),
	} {
		for _, size := range []int{4, 8, 16} {
			_, sent := play(t, a, size, n)
			for rank, got := range sent {
				assert.Equal(t, 2*n*(size-1)/size, got, "%s: what rank %d of %d sends", name, rank, size)
			}
		}
	}
}

func TestMessagesAreAsManyAsTheFormulaSays(t *testing.T) {
	for name, test := range map[string]struct {
		a    Algorithm
		want int
	}{
		"ring, 2(p-1)":                  {Ring, 30},
		"halving, 2 lg p":               {Halving, 8},
		"two near, 2 + 2 lg p/2":        {Layered(Halving, 2), 8},
		"four near, 6 + 2(p/4 - 1)":     {Layered(Ring, 4), 12},
		"two near, ring, 2 + 2(p/2 -1)": {Layered(Ring, 2), 16},
	} {
		assert.Len(t, slices.Collect(test.a(3, 16, 100)), test.want, name)
	}
}

// TestHalvingOnlyTheNearSendMuch: of 16 ranks in nodes of two, what leaves a node is the
// same with and without a reduction inside of it first.
func TestHalvingOnlyTheNearSendMuch(t *testing.T) {
	leaves := func(a Algorithm) (n int) {
		for rank := range 16 {
			for r := range a(rank, 16, 1600) {
				if r.To/2 != rank/2 {
					n += r.Send.Len()
				}
			}
		}
		return n
	}
	assert.Equal(t, leaves(Halving), leaves(Layered(Halving, 2)))
}

func TestARunThatStopsIsNotAskedForMore(t *testing.T) {
	for name, a := range map[string]Algorithm{"ring": Ring, "halving": Halving, "near first": Layered(Halving, 2)} {
		all := slices.Collect(a(1, 8, 64))
		for stop := range all {
			var some []Round
			for r := range a(1, 8, 64) {
				some = append(some, r)
				if len(some) == stop+1 {
					break
				}
			}
			assert.Equal(t, all[:stop+1], some, name)
		}
	}
}

func TestAlgorithmsThatAreNotThereAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		algorithm      string
		nodes, workers int
		layered        bool
		want           string
	}{
		"unknown":              {"tree", 4, 1, false, `no algorithm "tree"`},
		"no power of two":      {"halving", 6, 1, false, "among 6 ranks: a power of two"},
		"three workers, flat":  {"halving", 4, 3, false, "among 12 ranks: a power of two"},
		"nodes no power of it": {"halving", 12, 2, true, "among 12 ranks: a power of two"},
	} {
		_, err := algorithm(test.algorithm, test.nodes, test.workers, test.layered)
		assert.ErrorContains(t, err, test.want, name)
	}
	_, err := algorithm("halving", 4, 3, true)
	assert.NoError(t, err, "three workers add up first")
}
