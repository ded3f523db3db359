package roc

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
)

func TestTheAreaIsThatOfAllPairs(t *testing.T) {
	for seed := range uint64(50) {
		s := draw(seed, 20+int(seed), 3)
		got, err := NewArea(s.scores, s.positive, s.patients)
		require.NoError(t, err)
		want, _ := s.pairs()
		assert.InDelta(t, want, got.AUC, 1e-12)
		assert.Equal(t, len(s.scores), got.Positives+got.Negatives)
	}
}

func TestOfOneSampleAPatientTheErrorIsDeLongs(t *testing.T) {
	for seed := range uint64(20) {
		s := draw(seed, 60, 1)
		for _, patients := range [][]int64{nil, s.patients} {
			got, err := NewArea(s.scores, s.positive, patients)
			require.NoError(t, err)
			assert.InDelta(t, math.Sqrt(s.delong()), got.Error, 1e-12)
		}
	}
}

// TestAreaOfHanleyAndMcNeil has the ratings of 109 computed tomograms in five classes
// (Radiology 143 (1982) 29, table I), nearly all of them ties; the area is theirs, and
// so is the standard error in two digits.
func TestAreaOfHanleyAndMcNeil(t *testing.T) {
	var s samples
	for rating, counts := range [][2]int{{33, 3}, {6, 2}, {6, 2}, {11, 11}, {2, 33}} {
		for kind, count := range counts {
			for range count {
				s.scores = append(s.scores, float64(rating))
				s.positive = append(s.positive, kind == 1)
			}
		}
	}
	got, err := NewArea(s.scores, s.positive, nil)
	require.NoError(t, err)
	assert.Equal(t, 51, got.Positives)
	assert.Equal(t, 58, got.Negatives)
	assert.InDelta(t, 0.893, got.AUC, 0.0005)
	assert.InDelta(t, 0.032, got.Error, 0.0015)
}

// TestCopiesOfImagesSayNothingNew: were they independent, the error would fall to one
// half.
func TestCopiesOfImagesSayNothingNew(t *testing.T) {
	s := draw(1, 80, 3)
	once, err := NewArea(s.scores, s.positive, s.patients)
	require.NoError(t, err)
	four := s
	for range 3 {
		four.scores = append(four.scores, s.scores...)
		four.positive = append(four.positive, s.positive...)
		four.patients = append(four.patients, s.patients...)
	}
	got, err := NewArea(four.scores, four.positive, four.patients)
	require.NoError(t, err)
	assert.InDelta(t, once.AUC, got.AUC, 1e-12)
	assert.InDelta(t, once.Error, got.Error, 1e-12)
	apart, err := NewArea(four.scores, four.positive, nil)
	require.NoError(t, err)
	assert.Less(t, apart.Error, 0.6*once.Error)
}

// TestTheErrorIsThatOfDrawingPatientsAgain compares with the bootstrap over patients,
// which have positive and negative images, so that their covariance counts.
func TestTheErrorIsThatOfDrawingPatientsAgain(t *testing.T) {
	s := draw(3, 150, 5)
	got, err := NewArea(s.scores, s.positive, s.patients)
	require.NoError(t, err)
	r := philox.NewStream(9, 0)
	const times = 600
	var sum, squares float64
	for range times {
		chosen := make([]int64, 150)
		for i := range chosen {
			chosen[i] = int64(r.Intn(150))
		}
		again := s.of(chosen)
		a, err := NewArea(again.scores, again.positive, nil)
		require.NoError(t, err)
		sum += a.AUC
		squares += a.AUC * a.AUC
	}
	mean := sum / times
	deviation := math.Sqrt(squares/times - mean*mean)
	assert.InDelta(t, 1, got.Error/deviation, 0.1, "the error of a deviation of 600 draws is 3%%")
	apart, err := NewArea(s.scores, s.positive, nil)
	require.NoError(t, err)
	assert.Greater(t, math.Abs(apart.Error/got.Error-1), 0.1, "patients matter here, or the test shows nothing")
}

func TestNothingChangesUnderAnyRisingFunction(t *testing.T) {
	s := draw(5, 40, 3)
	want, err := NewArea(s.scores, s.positive, s.patients)
	require.NoError(t, err)
	for i, x := range s.scores {
		s.scores[i] = math.Atan(x)
	}
	got, err := NewArea(s.scores, s.positive, s.patients)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestAreaOfExtremes(t *testing.T) {
	no, yes := false, true
	tests := []struct {
		name     string
		scores   []float64
		positive []bool
		want     float64
		sure     bool
	}{
		{"apart", []float64{1, 2, 3, 4}, []bool{no, no, yes, yes}, 1, false},
		{"the wrong way round", []float64{4, 3, 2, 1}, []bool{no, no, yes, yes}, 0, false},
		{"all equal", []float64{2, 2, 2, 2}, []bool{no, no, yes, yes}, 0.5, false},
		{"infinite scores", []float64{math.Inf(-1), 0, 1, math.Inf(1)}, []bool{no, yes, no, yes}, 0.75, true},
		{"one positive", []float64{1, 2, 3}, []bool{no, yes, no}, 0.5, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := NewArea(test.scores, test.positive, nil)
			require.NoError(t, err)
			assert.Equal(t, test.want, a.AUC)
			low, high, ok := a.Interval()
			assert.Equal(t, test.sure, ok)
			assert.True(t, 0 <= low && low <= a.AUC && a.AUC <= high && high <= 1)
		})
	}
}

func TestWhatCannotBeRankedIsAnError(t *testing.T) {
	tests := []struct {
		name     string
		scores   []float64
		positive []bool
		patients []int64
		is       error
		says     string
	}{
		{"nothing", nil, nil, nil, ErrOneKind, "0 positive and 0 negative"},
		{"all positive", []float64{1, 2}, []bool{true, true}, nil, ErrOneKind, "2 positive and 0 negative"},
		{"all negative", []float64{1, 2}, []bool{false, false}, nil, ErrOneKind, "0 positive and 2 negative"},
		{"NaN", []float64{1, math.NaN()}, []bool{true, false}, nil, ErrInput, "sample 1 is not a number"},
		{"a label too few", []float64{1, 2}, []bool{true}, nil, ErrInput, "2 scores of 1 samples"},
		{"a patient too few", []float64{1, 2}, []bool{true, false}, []int64{1}, ErrInput, "the patients of 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewArea(test.scores, test.positive, test.patients)
			require.ErrorIs(t, err, test.is)
			assert.ErrorContains(t, err, test.says)
			if test.patients == nil {
				_, err = Curve(test.scores, test.positive)
				assert.ErrorIs(t, err, test.is)
			}
		})
	}
}
