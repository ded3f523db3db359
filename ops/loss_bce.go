package ops

import "math"

// binaryCrossEntropy is −t·ln σ(p) − (1−t)·ln(1−σ(p)) for the logit p, in the
// form max(p, 0) − t·p + ln(1 + e^−|p|) that neither overflows nor cancels.
func binaryCrossEntropy(p, t float64) float64 {
	return max(p, 0) - t*p + math.Log1p(math.Exp(-math.Abs(p)))
}

func binaryCrossEntropySlope(p, t float64) float64 { return sigmoid(p) - t }
