package ensemble

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var rules = []Rule{MeanSoftmax, MeanLogits, Vote}

// logitsOf are logits of rows of probabilities, with an offset that changes nothing.
func logitsOf(offset float64, probabilities ...float64) []float32 {
	z := make([]float32, len(probabilities))
	for i, p := range probabilities {
		z[i] = float32(math.Log(p) + offset)
	}
	return z
}

func combine(t testing.TB, rule Rule, classes int, logits ...[]float32) *Prediction {
	p, err := Combine(rule, classes, logits...)
	require.NoError(t, err)
	return p
}

// TestRulesByHand: three members who disagree.
func TestRulesByHand(t *testing.T) {
	// The geometric means are (0.4·0.4·0.99)^⅓ : (0.6·0.6·0.01)^⅓ = 0.5411 : 0.1533 in the
	// first row, (0.8·0.8·0.001)^⅓ : (0.2·0.2·0.999)^⅓ = 0.0862 : 0.3419 in the second.
	a := logitsOf(0, 0.4, 0.6, 0.8, 0.2)
	b := logitsOf(5, 0.4, 0.6, 0.8, 0.2)
	c := logitsOf(-70, 0.99, 0.01, 0.001, 0.999)
	for _, tt := range []struct {
		rule  Rule
		first [2]float64 // probability of class 0 in each row
		class [2]int
	}{
		{MeanSoftmax, [2]float64{(0.4 + 0.4 + 0.99) / 3, (0.8 + 0.8 + 0.001) / 3}, [2]int{0, 0}},
		{MeanLogits, [2]float64{0.5411 / (0.5411 + 0.1533), 0.0862 / (0.0862 + 0.3419)}, [2]int{0, 1}},
		{Vote, [2]float64{(0.4 + 0.4 + 0.99) / 3, (0.8 + 0.8 + 0.001) / 3}, [2]int{1, 0}},
	} {
		p := combine(t, tt.rule, 2, a, b, c)
		assert.Equal(t, 3, p.Members())
		assert.Equal(t, 2, p.Rows())
		for row := range 2 {
			got := p.Probabilities(row, make([]float64, 2))
			assert.InDelta(t, tt.first[row], got[0], 2e-4, "%s, row %d", tt.rule, row)
			assert.InDelta(t, 1, got[0]+got[1], 1e-12)
			assert.Equal(t, tt.class[row], p.Class(row), "%s, row %d", tt.rule, row)
		}
	}
}

// TestEqualVotesAreDecidedByTheMeanOfProbabilities and equal means by the lower class.
func TestEqualVotesAreDecidedByTheMeanOfProbabilities(t *testing.T) {
	p := combine(t, Vote, 3,
		logitsOf(0, 0.5, 0.4, 0.1, 0.25, 0.5, 0.25),
		logitsOf(0, 0.1, 0.8, 0.1, 0.25, 0.25, 0.5))
	assert.Equal(t, 1, p.Class(0), "one vote each for 0 and 1: 0.3 and 0.6")
	assert.Equal(t, 1, p.Class(1), "1 and 2 have one vote and 0.375 each")
	same := combine(t, MeanSoftmax, 3, []float32{2, 2, 2})
	assert.Equal(t, 0, same.Class(0))
}

// random are logits for rows x classes, of which some are equal.
func random(seed uint64, n int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	z := make([]float32, n)
	for i := range z {
		z[i] = float32(r.IntN(25)-12) / 2
	}
	return z
}

const rows, classes = 40, 7

func members(n int) [][]float32 {
	var list [][]float32
	for i := range n {
		list = append(list, random(uint64(i), rows*classes))
	}
	return list
}

func probabilities(p *Prediction) []float64 {
	var all []float64
	for row := range p.Rows() {
		all = append(all, p.Probabilities(row, make([]float64, classes))...)
	}
	return all
}

func randomLabels() []int {
	labels := make([]int, rows)
	for i := range labels {
		labels[i] = (i * 5) % classes
	}
	return labels
}

func score(t testing.TB, p *Prediction, labels []int) Scores {
	s, err := p.Score(labels)
	require.NoError(t, err)
	return s
}

func TestPredictionsHaveNoOrder(t *testing.T) {
	for _, rule := range rules {
		list := members(5)
		want := probabilities(combine(t, rule, classes, list...))
		slices.Reverse(list)
		assert.InDeltaSlice(t, want, probabilities(combine(t, rule, classes, list...)), 1e-14, rule.String())
	}
}

// TestAMemberManyTimesIsTheMember, and alone it is its softmax by any rule.
func TestAMemberManyTimesIsTheMember(t *testing.T) {
	z := random(3, rows*classes)
	labels := randomLabels()
	want := combine(t, MeanSoftmax, classes, z)
	for _, rule := range rules {
		for _, n := range []int{1, 2, 9} {
			p := combine(t, rule, classes, slices.Repeat([][]float32{z}, n)...)
			assert.InDeltaSlice(t, probabilities(want), probabilities(p), 1e-14)
			assert.Equal(t, score(t, want, labels).Top5, score(t, p, labels).Top5)
			for row := range rows {
				assert.Equal(t, want.Class(row), p.Class(row))
			}
		}
	}
}

func TestAnOffsetOfARowChangesNothing(t *testing.T) {
	for _, rule := range rules {
		list := members(3)
		want := probabilities(combine(t, rule, classes, list...))
		for m, z := range list {
			for i := range z {
				z[i] += float32(m*64 + i/classes)
			}
		}
		assert.InDeltaSlice(t, want, probabilities(combine(t, rule, classes, list...)), 1e-14)
	}
}

// TestNothingOverflows for logits as large as there are.
func TestNothingOverflows(t *testing.T) {
	z := []float32{math.MaxFloat32, -math.MaxFloat32, 0, -math.MaxFloat32, -math.MaxFloat32, -math.MaxFloat32}
	for _, rule := range rules {
		p := combine(t, rule, 3, z, z)
		assert.Equal(t, []float64{1, 0, 0}, p.Probabilities(0, make([]float64, 3)))
		assert.InDeltaSlice(t, []float64{1. / 3, 1. / 3, 1. / 3}, p.Probabilities(1, make([]float64, 3)), 1e-15)
		s := score(t, p, []int{1, 0})
		assert.InDelta(t, (1022*math.Ln2+math.Log(3))/2, s.NLL, 1e-12, "a probability of 0 counts as 2⁻¹⁰²²")
	}
}

// TestAnEnsembleIsNoWorseThanItsMembersInTheMean: ln is concave (Jensen).
func TestAnEnsembleIsNoWorseThanItsMembersInTheMean(t *testing.T) {
	labels, list := randomLabels(), members(6)
	mean := 0.0
	for _, z := range list {
		mean += score(t, combine(t, MeanSoftmax, classes, z), labels).NLL / float64(len(list))
	}
	for _, rule := range rules {
		assert.Less(t, score(t, combine(t, rule, classes, list...), labels).NLL, mean, rule.String())
	}
}

func TestAddRefusesLogits(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, tt := range []struct {
		name   string
		logits []float32
		says   string
	}{
		{"none", nil, "0 logits: rows of 3 are expected"},
		{"half a row", make([]float32, 7), "7 logits: rows of 3 are expected"},
		{"other rows", make([]float32, 9), "9 logits: 2 rows of 3 are expected, as of the member before"},
		{"not a number", []float32{0, 0, 0, 0, float32(math.NaN()), 0}, "row 1, class 1: the logit is NaN"},
		{"infinite", []float32{0, 0, -inf, 0, 0, 0}, "row 0, class 2: the logit is -Inf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := combine(t, MeanSoftmax, 3, []float32{1, 2, 3, 4, 5, 6})
			before := slices.Clone(p.sums)
			err := p.Add(tt.logits)
			assert.ErrorIs(t, err, ErrInput)
			assert.ErrorContains(t, err, tt.says)
			assert.Equal(t, before, p.sums)
			assert.Equal(t, 1, p.Members())
		})
	}
	_, err := Combine(MeanSoftmax, 3, make([]float32, 6), make([]float32, 3))
	assert.ErrorContains(t, err, "member 2 of 2: ")
	_, err = NewPrediction(Rule(3), 2)
	assert.ErrorContains(t, err, "there is no Rule(3)")
	_, err = NewPrediction(Vote, 0)
	assert.ErrorIs(t, err, ErrInput)
}

func TestRulesHaveNames(t *testing.T) {
	for _, rule := range rules {
		text, err := rule.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(rule), string(text))
		var again Rule
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, rule, again)
	}
	var r Rule
	assert.ErrorContains(t, r.UnmarshalText([]byte("median")), `"median" is none of ["mean softmax" "mean logits" "vote"]`)
	_, err := Rule(-1).MarshalText()
	assert.Error(t, err)
}
