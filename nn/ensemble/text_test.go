package ensemble

import (
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/chart"
)

// published is the table of Codreanu, Podareanu and Saletore (2017). Of its ensemble it
// has one number, the last; losses and errors of calibration are made up.
func published() *Report {
	r := &Report{About: About{Arch: "ResNet-50", Plan: "collapsed ensemble", Classes: 1000, Seed: 1}, Rows: 50000}
	var names []string
	for _, p := range []struct {
		phase                  string
		top1, top5, top1c, to5 float64
	}{
		{"1", 68.33, 88.71, 75.50, 92.83},
		{"2", 71.54, 90.78, 76.15, 93.17},
		{"3", 73.28, 91.58, 76.50, 93.24},
		{"4", 73.31, 91.53, 76.57, 93.24},
		{"5", 73.89, 91.97, 76.83, 93.32},
		{"6", 74.49, 92.13, 76.81, 93.32},
		{"7", 0, 0, 76.70, 93.32},
	} {
		names = append(names, p.phase+"c")
		point := Point{
			Phase:     p.phase,
			Collapsed: &Scored{Member{Name: p.phase + "c", Phase: p.phase, Collapsed: true}, Scores{Top1: p.top1c / 100, Top5: p.to5 / 100, NLL: 1, ECE: 0.04}},
		}
		if p.phase == "7" {
			point.Ensemble = &Grown{names, Scores{Top1: 0.775, Top5: 0.935, NLL: 0.95, ECE: 0.02}}
		}
		if p.top1 > 0 {
			point.Uncollapsed = &Scored{Member{Name: p.phase, Phase: p.phase}, Scores{Top1: p.top1 / 100, Top5: p.top5 / 100, NLL: 1.25}}
		}
		r.Points = append(r.Points, point)
	}
	return r
}

func TestTheTableIsThePublishedOne(t *testing.T) {
	var b strings.Builder
	require.NoError(t, published().WriteText(&b))
	assert.Equal(t, `ResNet-50, collapsed ensemble, 50000 rows, ensembles by mean softmax
point  top-1  top-5  NLL     collapsed  top-1  top-5  NLL     gain   top-5  ensemble of  top-1  top-5  NLL
1      68.33  88.71  1.2500  1c         75.50  92.83  1.0000  +7.17  +4.12  -            -      -      -
2      71.54  90.78  1.2500  2c         76.15  93.17  1.0000  +4.61  +2.39  -            -      -      -
3      73.28  91.58  1.2500  3c         76.50  93.24  1.0000  +3.22  +1.66  -            -      -      -
4      73.31  91.53  1.2500  4c         76.57  93.24  1.0000  +3.26  +1.71  -            -      -      -
5      73.89  91.97  1.2500  5c         76.83  93.32  1.0000  +2.94  +1.35  -            -      -      -
6      74.49  92.13  1.2500  6c         76.81  93.32  1.0000  +2.32  +1.19  -            -      -      -
-      -      -      -       7c         76.70  93.32  1.0000  -      -      7            77.50  93.50  0.9500
The ensemble of 1c, 2c, 3c, 4c, 5c, 6c, 7c has 77.50%, its best member 76.83%: +0.67.
Calibration error: 2.00%, of its best member 4.00%.
`, b.String())
}

// TestTopFiveOfFiveClassesIsLeftOut, and what there is not is a dash.
func TestTopFiveOfFiveClassesIsLeftOut(t *testing.T) {
	r := &Report{About: About{Arch: "mlp", Classes: 5}, Rows: 8, Rule: Vote, Points: []Point{
		{Uncollapsed: &Scored{Member{Name: "1"}, Scores{Top1: 0.5, NLL: 1}}, Ensemble: &Grown{[]string{"1"}, Scores{Top1: 0.5, NLL: 1}}},
		{Uncollapsed: &Scored{Member{Name: "ema", Apart: true}, Scores{Top1: 0.625, NLL: 0.75}}},
	}}
	var b strings.Builder
	require.NoError(t, r.WriteText(&b))
	assert.Equal(t, `mlp, 8 rows, ensembles by vote
point  top-1  NLL     collapsed  top-1  NLL  gain  ensemble of  top-1  NLL
1      50.00  1.0000  -          -      -    -     1            50.00  1.0000
ema    62.50  0.7500  -          -      -    -     -            -      -
`, b.String())
}

// full is a disk without room.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteTextTellsOfAFullDisk(t *testing.T) {
	assert.ErrorIs(t, newReport(t, Vote, 1).WriteText(full{}), errFull)
	s, err := Summarise(newReport(t, Vote, 1))
	require.NoError(t, err)
	assert.ErrorIs(t, s.WriteText(full{}), errFull)
}

// lines are those of a report's picture, with their points.
func lines(r *Report) map[string][][2]float64 {
	all := map[string][][2]float64{}
	for _, line := range r.chart().Lines {
		for _, xy := range line.XY {
			all[line.Name] = append(all[line.Name], [2]float64{xy.X, xy.Y})
		}
	}
	return all
}

// TestThePictureHasALineForEachColumn: points stand at their places, those that are not
// there leave no dot, and members apart belong to no line.
func TestThePictureHasALineForEachColumn(t *testing.T) {
	r := newReport(t, MeanSoftmax, 1)
	at := func(i int, s Scores) [2]float64 { return [2]float64{float64(i), 100 * s.Top1} }
	p := r.Points
	assert.Equal(t, map[string][][2]float64{
		"uncollapsed":     {at(0, p[0].Uncollapsed.Scores), at(1, p[1].Uncollapsed.Scores), at(3, p[3].Uncollapsed.Scores)},
		"their ensemble":  {at(0, p[0].Twins.Scores), at(1, p[1].Twins.Scores)},
		"collapsed":       {at(0, p[0].Collapsed.Scores), at(1, p[1].Collapsed.Scores), at(2, p[2].Collapsed.Scores)},
		"ensemble so far": {at(0, p[0].Ensemble.Scores), at(1, p[1].Ensemble.Scores), at(2, p[2].Ensemble.Scores), at(3, p[3].Ensemble.Scores)},
		"apart":           {at(4, p[4].Uncollapsed.Scores)},
	}, lines(r))
	assert.Equal(t, []string{"1", "2", "3c", "4", "ema"}, r.chart().Ticks)

	snapshots, err := NewReport(sevenClasses, MeanSoftmax, randomLabels(), []Member{{Name: "1"}, {Name: "2", Phase: "2"}}, logitsFor(1))
	require.NoError(t, err)
	assert.Len(t, lines(snapshots)["member"], 2, "without collapses nothing is called uncollapsed")
}

func TestPlotDrawsEveryLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.png")
	require.NoError(t, newReport(t, MeanSoftmax, 1).Plot(path))
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	img, err := png.Decode(file)
	require.NoError(t, err)
	found := make([]int, 3)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			for i := range found {
				r, g, b, _ := img.At(x, y).RGBA()
				if wr, wg, wb, _ := chart.Colours[i].RGBA(); r == wr && g == wg && b == wb {
					found[i]++
				}
			}
		}
	}
	for i, n := range found {
		assert.Greater(t, n, 500, "pixels of line %d", i)
	}
	assert.ErrorContains(t, published().Plot("/nonexistent/report.png"), "ensemble: report: ")
}
