package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"

	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/chart"
)

// marks are the points of the picture that were measured here.
func (s *forecast) marks() (xy plotter.XYs, err error) {
	if s.measured == "" {
		return nil, nil
	}
	data, err := os.ReadFile(s.measured)
	if err != nil {
		return nil, err
	}
	var list []scaling
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s is no JSON of bench step: %w", s.measured, err)
	}
	for _, m := range list {
		if m.Net == s.job.Step.Name && !m.Strong && len(m.Alone) > 0 && len(m.Together) == len(m.Alone) {
			xy = append(xy, at(m.Ranks, 100*m.efficiency()))
		}
	}
	return xy, nil
}

// chart draws efficiency against nodes: lines are simulated, single points are not.
func (s *forecast) chart(list []outcome, marks plotter.XYs) chart.Chart {
	c := chart.Chart{
		Title: fmt.Sprintf("%s, %d samples on a node: lines are simulated", s.job.Step.Name, s.batch),
		X:     "nodes", Y: "efficiency, %", LegendLow: true,
	}
	most := 1
	for _, o := range list {
		most = max(most, o.Nodes)
	}
	for _, p := range publications[s.job.Step.Name] {
		most = max(most, p.nodes)
	}
	for n := 1; n <= most; n *= 2 {
		c.Ticks = append(c.Ticks, strconv.Itoa(n))
	}
	for i, v := range s.variants() {
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
		c.Lines = append(c.Lines, chart.Line{Name: "measured here, ranks of one machine", Colour: len(chart.Colours) - 1, Dots: true, XY: marks})
	}
	return c
}

// at is a point of the picture, whose x axis is logarithmic.
func at(nodes int, percent float64) plotter.XY {
	return plotter.XY{X: math.Log2(float64(nodes)), Y: percent}
}
