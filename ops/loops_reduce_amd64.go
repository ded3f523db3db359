//go:build amd64 && !noasm

package ops

import (
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// reduceAVX512 computes the sums of n elements in calls that are short enough. They
// start with a whole vector, so that each element meets its sum.
func reduceAVX512(op avx512.ReduceOp, sums []laneSums, a, b []float32, n int, shift float32) {
	args := avx512.ReduceArgs{Shift: float64(shift), Sums: unsafe.Pointer(unsafe.SliceData(sums))}
	for first := 0; first < n; first += elementsPerCall {
		args.N = min(elementsPerCall, n-first)
		args.A = operand(a[first:], args.N)
		if b != nil {
			args.B = operand(b[first:], args.N)
		}
		avx512.Reduce(op, &args)
	}
}

func sumAVX512(x []float32) float64 {
	var s [1]laneSums
	reduceAVX512(avx512.Sum, s[:], x, nil, len(x), 0)
	return s[0].total()
}

func momentsAVX512(x []float32, shift float32) (sum, square float64) {
	if len(x) < shortRun {
		return momentsPortable(x, shift)
	}
	var s [2]laneSums
	reduceAVX512(avx512.Moments, s[:], x, nil, len(x), shift)
	return s[0].total(), s[1].total()
}

func gradientMomentsAVX512(diffDst, src []float32, mean float32) [3]float64 {
	if len(src) < shortRun {
		return gradientMomentsPortable(diffDst, src, mean)
	}
	var s [3]laneSums
	reduceAVX512(avx512.GradientMoments, s[:], diffDst, src, len(src), mean)
	return [3]float64{s[0].total(), s[1].total(), s[2].total()}
}
