package ensemble

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestScoresByHand: four rows of six classes, of which the second is wrong, the third
// right among equals, and the fourth wrong among equals.
func TestScoresByHand(t *testing.T) {
	p := combine(t, MeanSoftmax, 6, logitsOf(3,
		0.5, 0.1, 0.1, 0.1, 0.1, 0.1,
		0.8, 0.1, 0.05, 0.03, 0.015, 0.005,
		0.2, 0.2, 0.2, 0.2, 0.1, 0.1,
		0.1, 0.1, 0.1, 0.1, 0.3, 0.3))
	labels := []int{0, 5, 0, 5}
	s := score(t, p, labels)
	assert.Equal(t, 4, s.Rows)
	assert.Equal(t, 0.5, s.Top1)
	assert.Equal(t, 0.75, s.Top5, "the label of the second row ranks last")
	assert.InDelta(t, -(math.Log(0.5)+math.Log(0.005)+math.Log(0.2)+math.Log(0.3))/4, s.NLL, 1e-6)
	// Each row is alone in its bin: confidences 0.5, 0.8, 0.2 and 0.3, of which 0.5 and
	// 0.2 are right.
	assert.InDelta(t, (0.5+0.8+0.8+0.3)/4, s.ECE, 1e-6)

	for k, want := range []float64{0, 0.5, 0.75, 0.75, 0.75, 0.75, 1, 1} {
		got, err := p.TopK(labels, k)
		require.NoError(t, err)
		assert.Equal(t, want, got, "top %d", k)
	}
}

// TestCalibrationWithinABin: what counts is the mean of a bin, not each row.
func TestCalibrationWithinABin(t *testing.T) {
	var b calibration
	for range 3 {
		b.add(0.75, true)
	}
	b.add(0.75, false)
	assert.InDelta(t, 0, b.value(4), 1e-15, "right in three of four")
	b.add(1, false)
	assert.InDelta(t, 1./5, b.value(5), 1e-15)
	for i, confidence := range map[int]float64{0: 1. / 15, 1: 1./15 + 1e-9, 14: 1} {
		var one calibration
		one.add(confidence, false)
		assert.Equal(t, 1., one[i].rows, "bins are closed above: %g", confidence)
	}
}

// TestTopKGrowsToAll, whatever the rule.
func TestTopKGrowsToAll(t *testing.T) {
	labels := randomLabels()
	for _, rule := range rules {
		p := combine(t, rule, classes, members(4)...)
		before := 0.0
		for k := range classes + 1 {
			got, err := p.TopK(labels, k)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, got, before)
			before = got
		}
		assert.Equal(t, 1., before)
		s := score(t, p, labels)
		right := 0
		for row, label := range labels {
			if p.Class(row) == label {
				right++
			}
		}
		assert.Equal(t, float64(right)/rows, s.Top1, "the class that is predicted is that which ranks first")
	}
}

// TestANetworkThatSaysNothingGuesses: of equal classes the first is predicted, so that
// rows of one class are right and not all.
func TestANetworkThatSaysNothingGuesses(t *testing.T) {
	p := combine(t, Vote, 10, make([]float32, 100))
	s := score(t, p, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	assert.Equal(t, Scores{Rows: 10, Top1: 0.1, Top5: 0.5, NLL: s.NLL, ECE: s.ECE}, s)
	assert.InDelta(t, math.Log(10), s.NLL, 1e-15)
	assert.InDelta(t, 0, s.ECE, 1e-15)
}

func TestScoreRefusesLabels(t *testing.T) {
	p := combine(t, MeanSoftmax, 3, make([]float32, 6))
	empty, err := NewPrediction(MeanSoftmax, 3)
	require.NoError(t, err)
	for _, tt := range []struct {
		p      *Prediction
		labels []int
		says   string
	}{
		{empty, nil, "the prediction has no members"},
		{p, []int{0}, "1 labels: the prediction has 2 rows"},
		{p, []int{0, 3}, "row 1 has the label 3: there are 3 classes"},
		{p, []int{-1, 0}, "row 0 has the label -1"},
	} {
		_, err := tt.p.Score(tt.labels)
		assert.ErrorIs(t, err, ErrInput)
		assert.ErrorContains(t, err, tt.says)
		_, err = tt.p.TopK(tt.labels, 1)
		assert.ErrorContains(t, err, tt.says)
	}
}
