package data

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEpochDeliversEveryRowOnce(t *testing.T) {
	for _, rows := range []int{1, 5, 64, 1000} {
		for _, extent := range []int{1, 7, 100} {
			for _, budget := range []int64{1, 3000, 0} {
				t.Run(fmt.Sprint(rows, extent, budget), func(t *testing.T) {
					l := loader(t, all(newTable(rows, extent)).Shuffle(3, budget).Batch(6, Pad))
					for range 3 {
						got := slices.Concat(epoch(t, l)...)
						slices.Sort(got)
						want := make([]int, rows)
						for i := range want {
							want[i] = i
						}
						require.Equal(t, want, got)
					}
					assert.Equal(t, Position{Epoch: 3}, l.Position())
				})
			}
		}
	}
}
