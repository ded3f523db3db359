package roc

import (
	"math"
	"slices"
)

// Point is one of an ROC curve: the shares of negative and of positive samples that
// score at least Threshold, which are 1 - specificity and sensitivity.
type Point struct {
	FalsePositive, TruePositive float64
	Threshold                   float64
}

// Curve is the ROC curve from (0, 0), with an infinite threshold, to (1, 1). Samples of
// equal scores are passed together, so the area under its straight lines is that of
// [NewArea]. Points in the middle of a vertical or horizontal line are left out.
// Errors: ErrInput, ErrOneKind.
func Curve(scores []float64, positive []bool) ([]Point, error) {
	r, err := rank(scores, positive)
	if err != nil {
		return nil, err
	}
	m, n := r.positives, r.negatives
	var points []Point // from (1, 1) down
	r.ties(func(run []int, positives, negatives int) {
		p := Point{float64(n) / float64(r.negatives), float64(m) / float64(r.positives), scores[run[0]]}
		m, n = m-positives, n-negatives
		points = append(points, p)
	})
	points = append(points, Point{Threshold: math.Inf(1)})
	corners := points[:1]
	for i := 1; i < len(points); i++ {
		between := i+1 < len(points) && straight(corners[len(corners)-1], points[i], points[i+1])
		if !between {
			corners = append(corners, points[i])
		}
	}
	slices.Reverse(corners)
	return corners, nil
}

// straight says that b lies on a vertical or horizontal line from a to c.
func straight(a, b, c Point) bool {
	return a.FalsePositive == b.FalsePositive && b.FalsePositive == c.FalsePositive ||
		a.TruePositive == b.TruePositive && b.TruePositive == c.TruePositive
}
