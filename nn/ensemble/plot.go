package ensemble

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/chart"
)

// Plot draws the top-1 accuracies, in percent, into a PNG file: of the points, of their
// collapsed twins, and of both ensembles as they grow. Members apart are single dots.
func (r *Report) Plot(path string) error {
	if err := r.chart().Write(path); err != nil {
		return fmt.Errorf("ensemble: report: %w", err)
	}
	return nil
}

func (r *Report) chart() chart.Chart {
	c := chart.Chart{Title: r.About.title(), X: "point", Y: "top-1 accuracy (%)", Tight: true}
	for _, p := range r.Points {
		c.Ticks = append(c.Ticks, p.label())
	}
	single := "uncollapsed"
	if !slices.ContainsFunc(r.Points, func(p Point) bool { return p.Collapsed != nil }) {
		single = "member"
	}
	for _, line := range []struct {
		chart.Line
		scores func(Point) *Scores
	}{
		{chart.Line{Name: single, Colour: 0, Dots: true}, func(p Point) *Scores { return p.Uncollapsed.scores() }},
		{chart.Line{Name: "their ensemble", Colour: 0, Dashed: true}, func(p Point) *Scores { return p.Twins.scores() }},
		{chart.Line{Name: "collapsed", Colour: 1, Dots: true}, func(p Point) *Scores { return p.Collapsed.scores() }},
		{chart.Line{Name: "ensemble so far", Colour: 2, Dots: true}, func(p Point) *Scores { return p.Ensemble.scores() }},
	} {
		for i, p := range r.Points {
			if s := line.scores(p); s != nil && !p.Apart() {
				line.XY = append(line.XY, plotter.XY{X: float64(i), Y: 100 * s.Top1})
			}
		}
		if len(line.XY) > 0 {
			c.Lines = append(c.Lines, line.Line)
		}
	}
	return r.addApart(c)
}

// addApart adds the members that no line leads to.
func (r *Report) addApart(c chart.Chart) chart.Chart {
	name := "apart" // once in the legend
	for i, p := range r.Points {
		if !p.Apart() {
			continue
		}
		dot := plotter.XY{X: float64(i), Y: 100 * p.Member().Scores.Top1}
		c.Lines = append(c.Lines, chart.Line{Name: name, Colour: 3, Mark: true, XY: plotter.XYs{dot}})
		name = ""
	}
	return c
}

// label is the name of a point: that of its only member, or of its phase.
func (p Point) label() string {
	if p.Uncollapsed != nil && p.Collapsed != nil {
		return p.Phase
	}
	return p.Member().Member.Name
}
