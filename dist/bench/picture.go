package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/chart"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// mark is an efficiency in percent that was measured here.
type mark struct {
	ranks   int
	percent float64
}

// marks reads what was measured here.
func (s *scaling) marks() ([]mark, error) {
	if s.measured == "" {
		return nil, nil
	}
	var list []mark
	for word := range strings.SplitSeq(s.measured, ",") {
		before, after, _ := strings.Cut(word, "=")
		ranks, err := strconv.Atoi(before)
		percent, err2 := strconv.ParseFloat(after, 64)
		if err != nil || err2 != nil || ranks < 1 || percent <= 0 {
			return nil, fmt.Errorf("%w: --measured %q: ranks=percent is expected, as 2=98.5", cli.ErrUsage, word)
		}
		list = append(list, mark{ranks, percent})
	}
	return list, nil
}

// chart draws efficiency against nodes: lines are simulated, single points are not.
func (s *scaling) chart(list []outcome, marks []mark) chart.Chart {
	c := chart.Chart{
		Title: fmt.Sprintf("%s, %d samples on a node: lines are simulated", s.job.Step.Name, s.batch),
		X:     "nodes", Y: "efficiency, %", Tight: true, LegendLow: true,
	}
	most := 1
	for _, o := range list {
		most = max(most, o.Nodes)
	}
	for n := 1; n <= most; n *= 2 {
		c.Ticks = append(c.Ticks, strconv.Itoa(n))
	}
	for i, v := range variants {
		line := chart.Line{Name: v.Name, Colour: i, Dashed: v.Jitter, Dots: true}
		for _, o := range list {
			if o.Variant == v.Name && !o.Skipped {
				line.XY = append(line.XY, at(o.Nodes, 100*o.Efficiency))
			}
		}
		if len(line.XY) > 0 {
			c.Lines = append(c.Lines, line)
		}
	}
	for i, p := range publications[s.job.Step.Name] {
		c.Lines = append(c.Lines, chart.Line{Name: p.by, Colour: len(variants) + i, Dots: true, XY: plotter.XYs{at(p.nodes, p.percent)}})
	}
	if len(marks) > 0 {
		line := chart.Line{Name: "measured here, ranks of one machine", Colour: len(chart.Colours) - 1, Dots: true}
		for _, m := range marks {
			line.XY = append(line.XY, at(m.ranks, m.percent))
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// at is a point of the picture, whose x axis is logarithmic.
func at(nodes int, percent float64) plotter.XY {
	return plotter.XY{X: math.Log2(float64(nodes)), Y: percent}
}
