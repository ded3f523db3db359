package ops

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// junk is what pads blocked sources in tests: no element may depend on it.
var junk = math.Float32frombits(0x7fc0beef)

// laidOut is a plain tensor in a layout, with junk for padding.
func laidOut(l Layout, shape []int, plain []float32) []float32 {
	x := make([]float32, l.Size(shape))
	fill(x, junk)
	for i, v := range plain {
		x[placeIn(l, shape, i)] = v
	}
	return x
}

// plainly is a tensor in plain layout.
func plainly(l Layout, shape []int, x []float32) []float32 {
	plain := make([]float32, NCX.Size(shape))
	for i := range plain {
		plain[i] = x[placeIn(l, shape, i)]
	}
	return plain
}

// laidOutLayer is a primitive in some layout, with plain operands of the shapes of its tensors.
// Vectors lie plainly in all layouts.
type laidOutLayer struct {
	make      func(l Layout) (Primitive, error)
	in        [][]float32
	inShapes  [][]int
	outShapes [][]int
	tolerance float64 // of the largest element; 0 asks for the same bits
}

// blockedBatches are batches and channels that fill blocks, leave a rest, or do not reach one.
var blockedBatches = []struct{ n, c int }{{32, 1}, {2, 15}, {16, 16}, {3, 17}, {16, 33}}

// batch is that of the first tensor: the one that is no vector.
func (s laidOutLayer) batch() int {
	for _, shape := range slices.Concat(s.inShapes, s.outShapes) {
		if len(shape) > 1 {
			return shape[0]
		}
	}
	return 0
}

// compare requires the results of the plain primitive from all layouts.
func (s laidOutLayer) compare(t *testing.T) {
	t.Helper()
	var want [][]float32
	for _, l := range []Layout{NCX, NCX16c, NCX16n} {
		if n := s.batch(); l == NCX16n && n%Block != 0 {
			_, err := s.make(l)
			require.ErrorIs(t, err, ErrDescriptor)
			require.ErrorContains(t, err, fmt.Sprintf("a batch of %d is no multiple of 16", n))
			continue
		}
		var in [][]float32
		for i, shape := range s.inShapes {
			in = append(in, laidOut(l, shape, s.in[i]))
		}
		var sizes []int
		for _, shape := range s.outShapes {
			sizes = append(sizes, l.Size(shape))
		}
		p, err := s.make(l)
		got := check(t, must(t, p, err), in, sizes...)
		for i, shape := range s.outShapes {
			got[i] = plainly(l, shape, got[i])
			switch {
			case l == NCX:
			case s.tolerance == 0:
				requireSameBits(t, want[i], got[i], "output %d in %s", i, l)
			default:
				assertNear(t, widen(want[i]), got[i], s.tolerance, fmt.Sprintf("output %d in %s", i, l))
			}
		}
		if l == NCX {
			want = got
		}
	}
}

// eachBlockedBatch runs a test of layers on every batch.
func eachBlockedBatch(t *testing.T, layers func(n, c int) []laidOutLayer) {
	t.Helper()
	for _, b := range blockedBatches {
		for i, s := range layers(b.n, b.c) {
			t.Run(fmt.Sprintf("%d samples of %d channels, layer %d", b.n, b.c, i), s.compare)
		}
	}
}
