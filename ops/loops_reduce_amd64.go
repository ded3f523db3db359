//go:build amd64 && !noasm

package ops

import (
	"math"
	"slices"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// reduce computes the sums over all elements of a. A nil b is for operations on one
// operand, and a nil dst for those that write nothing.
func (s *streaming) reduce(op avx512.ReduceOp, sums []laneSums, dst, a, b []float32, shift float64) {
	s.reduceRuns(op, sums, dst, a, b, oneRun(len(a)), shift)
}

// reduceRuns computes the sums over runs in calls that are short enough. They start with
// a whole block, so that each element meets its sum.
func (s *streaming) reduceRuns(op avx512.ReduceOp, sums []laneSums, dst, a, b []float32, r runs, shift float64) {
	args := avx512.ReduceArgs{Shift: shift, Sums: unsafe.Pointer(unsafe.SliceData(sums)), Pitch: 4 * r.pitch}
	r.calls(func(first, n, count int) {
		args.N, args.Runs = n, count
		last := first + (count-1)*r.pitch + n
		args.A = unsafe.Pointer(unsafe.SliceData(a[first:last]))
		if b != nil {
			args.B = unsafe.Pointer(unsafe.SliceData(b[first:last]))
		}
		if dst != nil {
			args.Dst = unsafe.Pointer(unsafe.SliceData(dst[first:last]))
		}
		if s.isa == AVX2 {
			avx2.Reduce(avx2.ReduceOp(op), (*avx2.ReduceArgs)(&args))
		} else {
			avx512.Reduce(op, &args)
		}
	})
}

// total is a reduction with terms of one kind.
func (s *streaming) total(op avx512.ReduceOp, a, b []float32, shift float64) float64 {
	var sums [1]laneSums
	s.reduce(op, sums[:], nil, a, b, shift)
	return sums[0].total()
}

func (s *streaming) sum(x []float32) float64         { return s.total(avx512.Sum, x, nil, 0) }
func (s *streaming) squares(x []float32) float64     { return s.total(avx512.Squares, x, nil, 0) }
func (s *streaming) products(a, b []float32) float64 { return s.total(avx512.Products, a, b, 0) }

func (s *streaming) expSum(x []float32, most float32) float64 {
	return s.total(avx512.ExpSum, x, nil, float64(most))
}

func (s *streaming) exp(dst, src []float32, most float32) float64 {
	var sums [1]laneSums
	s.reduce(avx512.Exp, sums[:], dst, src[:len(dst)], nil, float64(most))
	return sums[0].total()
}

func (s *streaming) moments(x []float32, r runs, shift float32) (sum, square float64) {
	var sums [2]laneSums
	s.reduceRuns(avx512.Moments, sums[:], nil, x, nil, r, float64(shift))
	return sums[0].total(), sums[1].total()
}

func (s *streaming) gradientMoments(diffDst, src []float32, r runs, mean float32) [3]float64 {
	var sums [3]laneSums
	s.reduceRuns(avx512.GradientMoments, sums[:], nil, diffDst, src, r, float64(mean))
	return [3]float64{sums[0].total(), sums[1].total(), sums[2].total()}
}

// maximum goes through lanes: the largest of each, then of all.
func (s *streaming) maximum(x []float32) float32 {
	largest := float32(math.Inf(-1))
	for ; len(x) > 0; x = x[min(elementsPerCall, len(x)):] {
		var lanes [avx512.Lanes]float32
		args := avx512.MaximumArgs{N: min(elementsPerCall, len(x)), Src: operand(x, 1), Largest: unsafe.Pointer(&lanes)}
		if s.isa == AVX2 {
			avx2.Maximum((*avx2.MaximumArgs)(&args))
		} else {
			avx512.Maximum(&args)
		}
		largest = max(largest, slices.Max(lanes[:s.lanes]))
	}
	return largest
}
