package roc

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheAreaUnderTheCurveIsTheArea sums trapezia.
func TestTheAreaUnderTheCurveIsTheArea(t *testing.T) {
	for seed := range uint64(20) {
		s := draw(seed, 50, 3)
		points, err := Curve(s.scores, s.positive)
		require.NoError(t, err)
		sum := 0.
		for i := range points[1:] {
			a, b := points[i], points[i+1]
			require.True(t, a.FalsePositive <= b.FalsePositive && a.TruePositive <= b.TruePositive && a.Threshold > b.Threshold)
			sum += (b.FalsePositive - a.FalsePositive) * (a.TruePositive + b.TruePositive) / 2
		}
		want, err := NewArea(s.scores, s.positive, nil)
		require.NoError(t, err)
		assert.InDelta(t, want.AUC, sum, 1e-12)
	}
}

func TestPointsAreTheSharesAboveTheirThreshold(t *testing.T) {
	s := draw(2, 50, 3)
	points, err := Curve(s.scores, s.positive)
	require.NoError(t, err)
	for _, p := range points {
		var above, all [2]float64
		for i, x := range s.scores {
			k := 0
			if s.positive[i] {
				k = 1
			}
			all[k]++
			if x >= p.Threshold {
				above[k]++
			}
		}
		assert.Equal(t, Point{above[0] / all[0], above[1] / all[1], p.Threshold}, p)
	}
}

func TestCornersOnly(t *testing.T) {
	points, err := Curve([]float64{1, 2, 3, 4, 5, 6}, []bool{false, false, true, false, true, true})
	require.NoError(t, err)
	third := 1. / 3
	assert.Equal(t, []Point{
		{0, 0, math.Inf(1)},
		{0, 2 * third, 5},
		{third, 2 * third, 4},
		{third, 1, 3},
		{1, 1, 1},
	}, points)
}
