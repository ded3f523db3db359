package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sumCase is one way to call a loop that adds up.
type sumCase struct {
	name string
	in   int
	run  func(l *loops, in [][]float32) [3]float64
}

var sumCases = []sumCase{
	{"sum", 1, func(l *loops, in [][]float32) [3]float64 { return [3]float64{l.sum(in[0])} }},
	{"moments", 1, func(l *loops, in [][]float32) [3]float64 {
		s, q := l.moments(in[0], 0.3)
		return [3]float64{s, q}
	}},
	{"mse", 2, func(l *loops, in [][]float32) [3]float64 { return [3]float64{l.pointwiseLoss(MSE).total(in[0], in[1])} }},
	{"mae", 2, func(l *loops, in [][]float32) [3]float64 { return [3]float64{l.pointwiseLoss(MAE).total(in[0], in[1])} }},
	{"gradient moments", 2, func(l *loops, in [][]float32) [3]float64 {
		return l.gradientMoments(in[0], in[1], 0.3)
	}},
}

// The loops add up to the very bits of the portable ones, and read nothing beside
// their operands.
func TestLoopSums(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		ins := fences(t, 2)
		for _, tc := range sumCases {
			for _, n := range loopLengths {
				in := [][]float32{noise(n, 1), noise(n, 2)}[:tc.in]
				want := tc.run(&portableLoops, in)
				for side := range 2 {
					for i := range in {
						copy(beside(ins[i], side, n), in[i])
						in[i] = beside(ins[i], side, n)
					}
					require.Equal(t, want, tc.run(l, in), "%s of %d elements", tc.name, n)
				}
			}
		}
	})
}

// Lanes that are beyond the end add nothing, not even 0·∞; special numbers in the
// others do what they do in Go.
func TestLoopSumsOfSpecials(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		for _, tc := range sumCases {
			for _, special := range specials {
				for _, n := range []int{1, 7, 17} {
					in := [][]float32{noise(n, 1), noise(n, 2)}[:tc.in]
					in[0][n-1] = special
					want, got := tc.run(&portableLoops, in), tc.run(l, in)
					for k := range want {
						both := math.IsNaN(want[k]) && math.IsNaN(got[k])
						assert.True(t, both || want[k] == got[k], "%s of %d elements with %v: %v, where %v is expected", tc.name, n, special, got, want)
					}
				}
			}
		}
	})
}

func TestLoopSumsOfShortOperands(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		x := noise(20, 1)
		assert.Panics(t, func() { currentLoops().gradientMoments(x[:19:19], x, 0) })
	})
}

// The sum of 1 to n is exact, whatever the order.
func TestLoopSumIsExact(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		for _, n := range []int{0, 1, 15, 16, 17, 100_000} {
			x := make([]float32, n)
			for i := range x {
				x[i] = float32(i + 1)
			}
			assert.Equal(t, float64(n)*float64(n+1)/2, currentLoops().sum(x), "%d elements", n)
		}
	})
}
