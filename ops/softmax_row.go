package ops

import "math"

// overRows calls do with the bounds of every row.
func overRows(info Info, rows, length int, do func(k *call, lo, hi int)) Primitive {
	return newPhased(info, overRanges(divideRows(rows, length), func(k *call, from, to int) {
		for r := from; r < to; r++ {
			do(k, r*length, (r+1)*length)
		}
	}))
}

// softmax is that of a row.
func (l *loops) softmax(dst, src []float32) {
	total := l.exp(dst, src, l.maximum(src))
	l.scale(dst, dst, float32(1/total))
}

// logSumExp is ln Σ eˣ, shifted by the largest element so that nothing overflows.
func (l *loops) logSumExp(x []float32) float64 {
	most := l.maximum(x)
	return float64(most) + math.Log(l.expSum(x, most))
}

func maximumPortable(x []float32) float32 {
	most := float32(math.Inf(-1))
	for _, v := range x {
		most = max(most, v)
	}
	return most
}

func expPortable(dst, src []float32, most float32) float64 {
	var s laneSums
	src = src[:len(dst)]
	for i, v := range src {
		e := math.Exp(float64(v) - float64(most))
		dst[i] = float32(e)
		s[i%len(s)] += e
	}
	return s.total()
}

func expSumPortable(x []float32, most float32) float64 {
	var s laneSums
	for i, v := range x {
		s[i%len(s)] += math.Exp(float64(v) - float64(most))
	}
	return s.total()
}

func softmaxBackwardPortable(diffSrc, diffDst, dst []float32, inner float64) {
	diffDst, dst = diffDst[:len(diffSrc)], dst[:len(diffSrc)]
	for i, d := range dst {
		diffSrc[i] = float32(float64(d) * (float64(diffDst[i]) - inner))
	}
}
