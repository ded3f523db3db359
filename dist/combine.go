package dist

import "github.com/cascade-hpc/cascade/ops"

// combine makes dst the combination of itself and src, element by element. bfloat16s are
// never combined: see half.go.
func combine(dst, src vector, op Op) {
	switch dst.kind {
	case float32s:
		if op == Sum {
			ops.Mix(slice[float32](dst), slice[float32](src), 1, 1) // vectorised: x + y
			return
		}
		combineSlices(slice[float32](dst), slice[float32](src), op)
	case float64s:
		combineSlices(slice[float64](dst), slice[float64](src), op)
	case int64s:
		combineSlices(slice[int64](dst), slice[int64](src), op)
	}
}

func combineSlices[T float32 | float64 | int64](dst, src []T, op Op) {
	src = src[:len(dst)]
	switch op {
	case Sum:
		for i, v := range src {
			dst[i] += v
		}
	case Max:
		for i, v := range src {
			dst[i] = max(dst[i], v)
		}
	case Min:
		for i, v := range src {
			dst[i] = min(dst[i], v)
		}
	}
}
