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
	// Where terms are float32 they are off by a part of themselves, or by a number each,
	// and may overflow. atMost bounds the elements, unless it is 0.
	off, offEach float64
	atMost       float32
}

var sumCases = []sumCase{
	exactSum("sum", 1, func(l *loops, in [][]float32) [3]float64 { return [3]float64{l.sum(in[0])} }),
	exactSum("squares", 1, func(l *loops, in [][]float32) [3]float64 { return [3]float64{l.squares(in[0])} }),
	exactSum("products", 2, func(l *loops, in [][]float32) [3]float64 { return [3]float64{l.products(in[0], in[1])} }),
	exactSum("moments", 1, func(l *loops, in [][]float32) [3]float64 {
		s, q := l.moments(in[0], oneRun(len(in[0])), 0.3)
		return [3]float64{s, q}
	}),
	exactSum("gradient moments", 2, func(l *loops, in [][]float32) [3]float64 {
		return l.gradientMoments(in[0], in[1], oneRun(len(in[0])), 0.3)
	}),
	lossSum(MSE, 0),
	lossSum(MAE, 0),
	lossSum(MAPE, 0),
	lossSum(BCE, 2e-7),
	{
		name: "exp sum", in: 1, off: 2e-7, offEach: math.SmallestNonzeroFloat32, atMost: 4.5,
		run: func(l *loops, in [][]float32) [3]float64 { return [3]float64{l.expSum(in[0], 4.5)} },
	},
	{
		name: "sum of exp", in: 1, off: 2e-7, offEach: math.SmallestNonzeroFloat32, atMost: 4.5,
		run: func(l *loops, in [][]float32) [3]float64 {
			return [3]float64{l.exp(make([]float32, len(in[0])), in[0], 4.5)}
		},
	},
}

// exactSum is a loop that gives the bits of the portable one.
func exactSum(name string, in int, run func(l *loops, in [][]float32) [3]float64) sumCase {
	return sumCase{name: name, in: in, run: run}
}

// lossSum is a loss. For targets beyond 0 and 1 the terms of BCE may cancel.
func lossSum(kind LossKind, off float64) sumCase {
	return sumCase{name: kind.String(), in: 2, off: off, offEach: off, run: func(l *loops, in [][]float32) [3]float64 {
		return [3]float64{l.pointwiseLoss(kind).total(in[0], in[1])}
	}}
}

// operands are inputs.
func (tc sumCase) operands(n int) [][]float32 { return tc.bounded(noise(n, 1), noise(n, 2))[:tc.in] }

func (tc sumCase) bounded(in ...[]float32) [][]float32 {
	for _, x := range in {
		for i, v := range x {
			if tc.atMost != 0 {
				x[i] = min(v, tc.atMost)
			}
		}
	}
	return in
}

// near says whether a result is as it should be.
func (tc sumCase) near(want, got [3]float64, n int) bool {
	for k, w := range want {
		g := got[k]
		switch {
		case w == g || math.IsNaN(w) && math.IsNaN(g):
		case tc.off != 0 && math.IsInf(g, 0) && math.Abs(w) > math.MaxFloat32:
		case !(math.Abs(w-g) <= tc.off*math.Abs(w)+tc.offEach*float64(n)):
			return false
		}
	}
	return true
}

// The loops add up to the very bits of the portable ones if their terms are exact, and
// read nothing beside their operands.
func TestLoopSums(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		ins := fences(t, 2)
		for _, tc := range sumCases {
			for _, n := range loopLengths {
				in := tc.operands(n)
				want := tc.run(&portableLoops, in)
				for side := range 2 {
					for i := range in {
						copy(beside(ins[i], side, n), in[i])
						in[i] = beside(ins[i], side, n)
					}
					got := tc.run(l, in)
					require.True(t, tc.near(want, got, n), "%s of %d elements: %v, where %v is expected", tc.name, n, got, want)
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
					in := tc.operands(n)
					in[0][n-1] = special
					tc.bounded(in...)
					want, got := tc.run(&portableLoops, in), tc.run(l, in)
					assert.True(t, tc.near(want, got, n), "%s of %d elements with %v: %v, where %v is expected", tc.name, n, special, got, want)
				}
			}
		}
	})
}

// The largest element may be anywhere, and what lies beside the operand is not read.
func TestLoopMaximum(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		in := fences(t, 1)[0]
		for _, n := range loopLengths {
			for side := range 2 {
				x := beside(in, side, n)
				for i := range x {
					x[i] = -float32(1 + i%7)
				}
				want := maximumPortable(x)
				require.Equal(t, want, l.maximum(x), "%d elements", n)
				for _, i := range []int{0, n / 2, n - 1} {
					if n > 0 {
						x[i] = -0.5
						require.Equal(t, float32(-0.5), l.maximum(x), "%d elements, number %d", n, i)
						x[i] = -3
					}
				}
			}
		}
	})
}

func TestLoopSumsOfShortOperands(t *testing.T) {
	onEveryISA(t, func(t *testing.T) {
		x := noise(20, 1)
		assert.Panics(t, func() { currentLoops().gradientMoments(x[:19:19], x, oneRun(20), 0) })
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
