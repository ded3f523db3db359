package roc

import (
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// samples are drawn with scores of few values, so that many are equal, in patients
// whose images are alike.
type samples struct {
	scores   []float64
	positive []bool
	patients []int64
}

func draw(seed uint64, patients, most int) samples {
	var s samples
	r := philox.NewStream(seed, 0)
	for p := range patients {
		habit, ill := r.Normal(), r.Float64()
		for range 1 + r.Intn(most) {
			positive := r.Float64() < ill
			score := habit + r.Normal()
			if positive {
				score++
			}
			s.scores = append(s.scores, math.Round(4*score))
			s.positive = append(s.positive, positive)
			s.patients = append(s.patients, int64(p))
		}
	}
	return s
}

// beats is 1 for a positive sample above a negative one, and 1/2 for equal scores.
func beats(positive, negative float64) float64 {
	switch {
	case positive > negative:
		return 1
	case positive == negative:
		return 0.5
	}
	return 0
}

// pairs is the area by its definition, over all pairs, and the share of pairs that
// each sample wins.
func (s samples) pairs() (area float64, share []float64) {
	share = make([]float64, len(s.scores))
	var m, n float64
	for _, p := range s.positive {
		if p {
			m++
		} else {
			n++
		}
	}
	for i := range s.scores {
		for j := range s.scores {
			if s.positive[i] && !s.positive[j] {
				b := beats(s.scores[i], s.scores[j])
				area += b / (m * n)
				share[i] += b / n
				share[j] += b / m
			}
		}
	}
	return area, share
}

// delong is the variance of DeLong et al., their equation 7 for one curve.
func (s samples) delong() float64 {
	area, share := s.pairs()
	var sums, counts [2]float64
	for i, p := range s.positive {
		k := 0
		if p {
			k = 1
		}
		counts[k]++
		sums[k] += (share[i] - area) * (share[i] - area)
	}
	return sums[0]/(counts[0]-1)/counts[0] + sums[1]/(counts[1]-1)/counts[1]
}

// of keeps the samples of chosen patients, each as often as it is chosen and then as
// another patient.
func (s samples) of(chosen []int64) samples {
	var out samples
	for k, p := range chosen {
		for i, q := range s.patients {
			if q == p {
				out.scores = append(out.scores, s.scores[i])
				out.positive = append(out.positive, s.positive[i])
				out.patients = append(out.patients, int64(k))
			}
		}
	}
	return out
}
