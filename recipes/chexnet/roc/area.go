package roc

import (
	"fmt"
	"math"
)

// Area is the area under an ROC curve.
type Area struct {
	AUC                  float64 // from 0 to 1; 0.5 is chance
	Positives, Negatives int     // samples
	// Error is the standard error of AUC. It is 0 where samples say nothing of it: if
	// all positives or all negatives are of one patient, or if the two kinds are wholly
	// apart.
	Error float64
}

// NewArea finds the area for samples that are positive or not. patients tells whose
// each sample is; nil means that no two are of the same one. It costs a sort. Errors:
// ErrInput, ErrOneKind.
func NewArea(scores []float64, positive []bool, patients []int64) (Area, error) {
	if patients != nil && len(patients) != len(scores) {
		return Area{}, fmt.Errorf("roc: %w: %d scores and the patients of %d", ErrInput, len(scores), len(patients))
	}
	r, err := rank(scores, positive)
	if err != nil {
		return Area{}, err
	}
	won, total := r.won()
	m, n := r.positives, r.negatives
	a := Area{AUC: float64(total) / float64(2*int64(m)*int64(n)), Positives: m, Negatives: n}
	if v := r.variance(a.AUC, won, patients); v > 0 {
		a.Error = math.Sqrt(v)
	}
	return a, nil
}

// won counts for each sample the samples of the other kind that it is on the right
// side of: two for each, one for an equal score. total is twice U: that of all
// positive samples, which is also that of all negative ones.
func (r *ranked) won() (won []int, total int64) {
	won = make([]int, len(r.order))
	negativesBelow, positivesAbove := 0, r.positives
	r.ties(func(run []int, positives, negatives int) {
		positivesAbove -= positives
		for _, i := range run {
			if r.positive[i] {
				won[i] = 2*negativesBelow + negatives
				total += int64(won[i])
			} else {
				won[i] = 2*positivesAbove + positives
			}
		}
		negativesBelow += negatives
	})
	return won, total
}

// cluster is the samples of a patient: for the positive and for the negative ones, the
// sum of what they deviate from the area, and whether there are any.
type cluster struct {
	positive, negative       float64
	hasPositive, hasNegative bool
}

// variance is Obuchowski's of the area A, with M positive samples in I₁₀ clusters,
// N negative ones in I₀₁, and I clusters in all:
//
//	I₁₀ Σ x²/((I₁₀-1) M²) + I₀₁ Σ y²/((I₀₁-1) N²) + 2 I Σ x·y/((I-1) M N)
//
// Of a cluster, x is the sum of V₁₀ - A over its positive samples and y that of
// V₀₁ - A over its negative ones; V of a sample is the share of samples of the other
// kind that it is on the right side of. It is 0 where there are too few clusters. The
// covariance can make it negative with few clusters, which also says nothing.
func (r *ranked) variance(area float64, won []int, patients []int64) float64 {
	clusters := r.clusters(area, won, patients)
	var xx, yy, xy, withPositive, withNegative float64
	for _, c := range clusters {
		xx += c.positive * c.positive
		yy += c.negative * c.negative
		xy += c.positive * c.negative
		if c.hasPositive {
			withPositive++
		}
		if c.hasNegative {
			withNegative++
		}
	}
	if withPositive < 2 || withNegative < 2 {
		return 0
	}
	m, n, all := float64(r.positives), float64(r.negatives), float64(len(clusters))
	return withPositive*xx/((withPositive-1)*m*m) +
		withNegative*yy/((withNegative-1)*n*n) +
		2*all*xy/((all-1)*m*n)
}

// clusters are in the order in which their first samples stand, so that sums have one
// order.
func (r *ranked) clusters(area float64, won []int, patients []int64) []cluster {
	var clusters []cluster
	of := map[int64]int{}
	for i, positive := range r.positive {
		patient := int64(i)
		if patients != nil {
			patient = patients[i]
		}
		k, known := of[patient]
		if !known {
			k = len(clusters)
			of[patient] = k
			clusters = append(clusters, cluster{})
		}
		if c := &clusters[k]; positive {
			c.positive += float64(won[i])/float64(2*r.negatives) - area
			c.hasPositive = true
		} else {
			c.negative += float64(won[i])/float64(2*r.positives) - area
			c.hasNegative = true
		}
	}
	return clusters
}

// Interval is the 95% confidence interval of the area, AUC ± 1.96·Error cut at 0 and
// 1. ok is false where Error is 0.
func (a Area) Interval() (low, high float64, ok bool) {
	const normal = 1.959963984540054 // the normal distribution's quantile of 0.975
	return max(0, a.AUC-normal*a.Error), min(1, a.AUC+normal*a.Error), a.Error > 0
}
