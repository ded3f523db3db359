package ensemble

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cycles are two points with twins, a third that only collapsed, one that did not, and an
// average of weights.
var cycles = []Member{
	{Name: "1", Phase: "1", Step: 10},
	{Name: "1c", Phase: "1", Step: 15, Collapsed: true},
	{Name: "2", Phase: "2", Step: 25},
	{Name: "2c", Phase: "2", Step: 30, Collapsed: true},
	{Name: "3c", Phase: "3", Step: 45, Collapsed: true},
	{Name: "4", Phase: "4", Step: 60},
	{Name: "ema", Phase: "4", Step: 60, Apart: true},
}

var sevenClasses = About{Arch: "mlp", Classes: classes, Plan: "cycles", Seed: 1}

// logitsFor are a member's, in the same memory every time.
func logitsFor(seed uint64) func(Member) ([]float32, error) {
	memory := make([]float32, rows*classes)
	return func(m Member) ([]float32, error) {
		copy(memory, random(seed*1000+m.Step+uint64(len(m.Name)), len(memory)))
		return memory, nil
	}
}

func newReport(t testing.TB, rule Rule, seed uint64) *Report {
	a := sevenClasses
	a.Seed = seed
	r, err := NewReport(a, rule, randomLabels(), cycles, logitsFor(seed))
	require.NoError(t, err)
	return r
}

// TestAReportIsWhatItsMembersCombineTo: every number is that of a prediction made anew.
func TestAReportIsWhatItsMembersCombineTo(t *testing.T) {
	for _, rule := range rules {
		r := newReport(t, rule, 1)
		logits := map[string][]float32{}
		for _, m := range cycles {
			z, err := logitsFor(1)(m)
			require.NoError(t, err)
			logits[m.Name] = z
		}
		of := func(names ...string) Scores {
			var list [][]float32
			for _, name := range names {
				list = append(list, logits[name])
			}
			return score(t, combine(t, rule, classes, list...), randomLabels())
		}
		scored := func(i int) *Scored { return &Scored{cycles[i], of(cycles[i].Name)} }
		grown := func(names ...string) *Grown { return &Grown{names, of(names...)} }
		assert.Equal(t, []Point{
			{Phase: "1", Uncollapsed: scored(0), Collapsed: scored(1), Ensemble: grown("1c"), Twins: grown("1")},
			{Phase: "2", Uncollapsed: scored(2), Collapsed: scored(3), Ensemble: grown("1c", "2c"), Twins: grown("1", "2")},
			{Phase: "3", Collapsed: scored(4), Ensemble: grown("1c", "2c", "3c")},
			{Phase: "4", Uncollapsed: scored(5), Ensemble: grown("1c", "2c", "3c", "4")},
			{Phase: "4", Uncollapsed: scored(6)},
		}, r.Points)
		assert.Equal(t, rows, r.Rows)
		assert.Equal(t, grown("1c", "2c", "3c", "4"), r.Final())
		assert.Equal(t, grown("1", "2"), r.FinalTwins())
		assert.InDelta(t, of("2c").NLL-of("2").NLL, r.Points[1].Gain().NLL, 1e-15)
		assert.Nil(t, r.Points[2].Gain())
		for _, name := range []string{"1c", "2c", "3c", "4"} {
			assert.LessOrEqual(t, of(name).Top1, r.Best().Scores.Top1)
		}
	}
}

// TestTwins: a collapsed member has the member of its phase that is not for a twin, once.
func TestTwins(t *testing.T) {
	names := func(members ...Member) string {
		var text []string
		for _, p := range arrange(members) {
			text = append(text, p.Uncollapsed.name()+"/"+p.Collapsed.name())
		}
		return strings.Join(text, " ")
	}
	point := Member{Name: "p", Phase: "1"}
	average := Member{Name: "a", Phase: "1", Apart: true}
	collapsed := Member{Name: "c", Phase: "1", Collapsed: true}
	again := Member{Name: "d", Phase: "1", Collapsed: true}
	other := Member{Name: "o", Phase: "2", Collapsed: true}
	late := Member{Name: "l", Phase: "1", Collapsed: true, Apart: true}
	assert.Equal(t, "p/c", names(point, collapsed))
	assert.Equal(t, "a/ p/c", names(average, point, collapsed))
	assert.Equal(t, "p/c /d", names(point, collapsed, again))
	assert.Equal(t, "p/ /o", names(point, other))
	assert.Equal(t, "/c p/", names(collapsed, point), "a collapse comes after its point")
	assert.Equal(t, "p/ /l", names(point, late))
}

func TestNewReportRefuses(t *testing.T) {
	good := logitsFor(1)
	broken := errors.New("the disk is on fire")
	tests := map[string]struct {
		about   About
		labels  []int
		members []Member
		logits  func(Member) ([]float32, error)
		is      error
		says    string
	}{
		"no members":     {sevenClasses, randomLabels(), nil, good, ErrInput, "there are no members"},
		"no labels":      {sevenClasses, nil, cycles, good, ErrInput, "there are no labels"},
		"no classes":     {About{}, randomLabels(), cycles, good, ErrInput, "row 0 has the label 0: there are 0 classes"},
		"label too high": {About{Classes: 6}, randomLabels(), cycles, good, ErrInput, "row 4 has the label 6: there are 6 classes"},
		"logits that fail": {sevenClasses, randomLabels(), cycles, func(m Member) ([]float32, error) {
			if m.Name == "2c" {
				return nil, broken
			}
			return good(m)
		}, broken, `member "2c": the disk is on fire`},
		"too few rows": {sevenClasses, randomLabels(), cycles, func(Member) ([]float32, error) {
			return make([]float32, classes), nil
		}, ErrInput, `member "1": ensemble: unusable logits or labels: 40 labels: the prediction has 1 rows`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := NewReport(tt.about, MeanSoftmax, tt.labels, tt.members, tt.logits)
			assert.ErrorIs(t, err, tt.is)
			assert.ErrorContains(t, err, tt.says)
		})
	}
}

func TestAReportIsReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	for _, rule := range rules {
		r := newReport(t, rule, 1)
		require.NoError(t, r.WriteJSON(path))
		again, err := ReadReport(path)
		require.NoError(t, err)
		assert.Equal(t, r, again, "to the last bit of every score")
	}
	assert.ErrorContains(t, newReport(t, Vote, 1).WriteJSON("/nonexistent/report.json"), "ensemble: report: ")
	good := read(t, path)
	for says, change := range map[string][2]string{
		`its format is "report"`:           {`"cascade ensemble report"`, `"report"`},
		"its version is 0":                 {`"version": 1`, `"version": 0`},
		`"median" is none of`:              {`"vote"`, `"median"`},
		"0 classes":                        {`"classes": 7`, `"classes": 0`},
		"a member has no name":             {`"name": "3c"`, `"name": ""`},
		`member "ema" is in no ensemble`:   {`"apart": true`, `"apart": false`},
		"cannot unmarshal string into":     {`"rows": 40`, `"rows": "40"`},
		"point 1 of 1: unusable":           {good[strings.Index(good, `"points": [`):], `"points": [{"phase": "1"}]}`},
		"unusable description: it has no ": {good[strings.Index(good, `"points": [`):], `"points": []}`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, bad)
		require.NoError(t, os.WriteFile(path, []byte(bad), 0o644))
		_, err := ReadReport(path)
		assert.ErrorContains(t, err, says)
		assert.ErrorContains(t, err, path)
	}
	_, err := ReadReport(filepath.Join(t.TempDir(), "report.json"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}
