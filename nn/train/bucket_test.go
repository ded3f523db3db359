package train

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cascade-hpc/cascade/nn"
)

// TestBucketsHoldNeighboursAsOne: gradients that become final from the last to the first
// are one span where nothing lies between them, and buckets are full when the next
// gradient is too large.
func TestBucketsHoldNeighboursAsOne(t *testing.T) {
	list := inBuckets([]nn.Final{
		{Begin: 80, End: 100, After: 3},
		{Begin: 64, End: 80, After: 5},
		{Begin: 16, End: 20, After: 6},
		{Begin: 0, End: 16, After: 9},
		{Begin: 20, End: 60, After: 9},
	}, make([]float32, 100), 50)
	type seen struct {
		spans    []span
		n, after int
	}
	var got []seen
	for _, b := range list {
		got = append(got, seen{b.spans, b.n, b.after})
	}
	assert.Equal(t, []seen{
		{[]span{{16, 20}, {64, 100}}, 40, 6},
		{[]span{{0, 16}}, 16, 9},
		{[]span{{20, 60}}, 40, 9},
	}, got)
}
