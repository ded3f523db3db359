package ensemble

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMeansByHand(t *testing.T) {
	m := meanOf([]float64{1, 2, 6})
	assert.InDelta(t, 3, m.Value, 1e-15)
	assert.InDelta(t, math.Sqrt((4+1+9)/2./3), m.Error, 1e-15)
	assert.Equal(t, Mean{Value: 5}, meanOf([]float64{5}))
	assert.Equal(t, "+300.0 ± 152.8", m.text("%+.1f", 100, true))
	assert.Equal(t, "3.0000", m.text("%.4f", 1, false))
}

// TestASummaryIsTheMeanOfItsReports, also where that is not a difference of means.
func TestASummaryIsTheMeanOfItsReports(t *testing.T) {
	reports := []*Report{newReport(t, MeanSoftmax, 1), newReport(t, MeanSoftmax, 2), newReport(t, MeanSoftmax, 9)}
	s, err := Summarise(reports...)
	require.NoError(t, err)
	assert.Equal(t, []uint64{1, 2, 9}, s.Seeds)
	mean := func(of func(r *Report) float64) Mean {
		return meanOf([]float64{of(reports[0]), of(reports[1]), of(reports[2])})
	}
	for i, p := range s.Points {
		assert.Equal(t, reports[0].Points[i], p.Point)
		for name, column := range map[string]struct {
			got    *MeanScores
			scores func(p Point) *Scores
		}{
			"uncollapsed": {p.Uncollapsed, func(p Point) *Scores { return p.Uncollapsed.scores() }},
			"collapsed":   {p.Collapsed, func(p Point) *Scores { return p.Collapsed.scores() }},
			"gain":        {p.Gain, Point.Gain},
			"ensemble":    {p.Ensemble, func(p Point) *Scores { return p.Ensemble.scores() }},
			"twins":       {p.UncollapsedEnsemble, func(p Point) *Scores { return p.Twins.scores() }},
		} {
			if column.scores(reports[0].Points[i]) == nil {
				assert.Nil(t, column.got, name)
				continue
			}
			of := func(r *Report) Scores { return *column.scores(r.Points[i]) }
			assert.Equal(t, &MeanScores{
				Top1: mean(func(r *Report) float64 { return of(r).Top1 }),
				Top5: mean(func(r *Report) float64 { return of(r).Top5 }),
				NLL:  mean(func(r *Report) float64 { return of(r).NLL }),
				ECE:  mean(func(r *Report) float64 { return of(r).ECE }),
			}, column.got, "%s %d", name, i)
		}
	}
	assert.Equal(t, mean(func(r *Report) float64 { return r.Final().Scores.Top1 - r.Best().Scores.Top1 }), s.Over.Top1)
	assert.Equal(t, mean(func(r *Report) float64 { return r.FinalTwins().Scores.NLL }), s.FinalTwins.NLL)
	assert.Equal(t, mean(func(r *Report) float64 { return r.Best().Scores.ECE }), s.Best.ECE)
	assert.Equal(t, mean(func(r *Report) float64 { return r.Final().Scores.Top5 }), s.Final.Top5)
}

func TestASummaryHasItsErrorsBesideTheMeans(t *testing.T) {
	other := published()
	other.About.Seed = 2
	other.Points[0].Uncollapsed.Scores.Top1 += 0.01
	other.Points[6].Ensemble.Scores.Top1 += 0.002
	s, err := Summarise(published(), other)
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, s.WriteText(&b))
	lines := strings.Split(b.String(), "\n")
	assert.Equal(t, "ResNet-50, collapsed ensemble, 50000 rows, ensembles by mean softmax, means of 2 seeds ± standard error", lines[0])
	assert.Regexp(t, `^1 +68\.83 ± 0\.50 +88\.71 ± 0\.00 +1\.2500 ± 0\.0000 +1c +75\.50 ± 0\.00 .* \+6\.67 ± 0\.50 `, lines[2])
	assert.Equal(t, "The ensemble of 1c, 2c, 3c, 4c, 5c, 6c, 7c has 77.60 ± 0.10%, its best member 76.83 ± 0.00%: +0.77 ± 0.10.", lines[9])
}

func TestSummariseRefuses(t *testing.T) {
	first := newReport(t, Vote, 1)
	change := func(change func(r *Report)) *Report {
		r := newReport(t, Vote, 2)
		change(r)
		return r
	}
	_, err := Summarise()
	assert.ErrorIs(t, err, ErrInput)
	for says, second := range map[string]*Report{
		"report 2 of 2: its seed, 1, has been counted":                first,
		`its plan is "long", not "cycles"`:                            change(func(r *Report) { r.About.Plan = "long" }),
		"40 rows by mean logits: 40 by vote are expected":             newReport(t, MeanLogits, 2),
		"41 rows by vote: 40 by vote are expected":                    change(func(r *Report) { r.Rows++ }),
		`its points are ["1" "1c" "2" "2c"]: ["1" "1c" "2" "2c" "" "`: change(func(r *Report) { r.Points = r.Points[:2] }),
	} {
		_, err := Summarise(first, second)
		assert.ErrorIs(t, err, ErrInput)
		assert.ErrorContains(t, err, says)
	}
}
