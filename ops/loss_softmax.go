package ops

import "math"

// softmaxLoss is the cross entropy of the softmax of each row with its class:
//
//	loss(row) = lse − (1−s)·x[t] − s/C · Σ_c x[c],  lse = ln Σ_c e^x[c]
//
// with s the smoothing and C the number of classes.
type softmaxLoss struct {
	loops     *loops
	cols      int
	smoothing float64
}

// class is the index that a target names.
func (s softmaxLoss) class(t float32) (c int, ok bool) {
	if !(t >= 0 && t < float32(s.cols)) {
		return 0, false
	}
	c = int(t)
	return c, float32(c) == t && c < s.cols
}

func (s softmaxLoss) total(pred, target []float32) float64 {
	sum := 0.0
	for r, t := range target {
		c, ok := s.class(t)
		if !ok {
			return math.NaN()
		}
		row := pred[r*s.cols : (r+1)*s.cols]
		loss := s.loops.logSumExp(row) - (1-s.smoothing)*float64(row[c])
		if s.smoothing != 0 {
			loss -= s.smoothing / float64(s.cols) * s.loops.sum(row)
		}
		sum += loss
	}
	return sum
}

// gradient is scale · (softmax(x) − (1−s)·[c = t] − s/C).
func (s softmaxLoss) gradient(diffPred, pred, target []float32, scale float64) {
	even := s.smoothing / float64(s.cols)
	for r, t := range target {
		row, diff := pred[r*s.cols:(r+1)*s.cols], diffPred[r*s.cols:(r+1)*s.cols]
		class, ok := s.class(t)
		if !ok {
			s.loops.fill(diff, nan32())
			continue
		}
		most := s.loops.maximum(row)
		of := math.Exp(float64(row[class]) - float64(most)) // before diff overwrites it
		total := s.loops.exp(diff, row, most)
		s.loops.normalise(channelLine{slope: float32(scale / total), offset: float32(-scale * even)}, diff, diff, oneRun(len(diff)))
		diff[class] = float32(scale * (of/total - even - (1 - s.smoothing)))
	}
}
