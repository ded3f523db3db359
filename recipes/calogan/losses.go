package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// plotLosses draws the course of a training from its log: the losses by which the two
// nets contend, and the metric of the physics.
func plotLosses(log, picture string) error {
	table, err := readLog(log)
	if err != nil {
		return err
	}
	p := plot.New()
	p.Title.Text = "training"
	p.X.Label.Text = "epoch"
	p.Y.Min = 0
	p.Legend.Top = true
	for i, name := range []string{"d real", "d fake", "g real", bestBy} {
		points, err := column(table, name)
		if err != nil {
			return fmt.Errorf("%s: %w", log, err)
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return fmt.Errorf("%s: %w", log, err)
		}
		line.Color, line.Width = plotutil.Color(i), vg.Points(2)
		p.Add(line)
		p.Legend.Add(name, line)
	}
	p.Add(plotter.NewGrid())
	canvas := vgimg.New(14*vg.Centimeter, 9*vg.Centimeter)
	const margin = 3 * vg.Millimeter // for labels at the ends of the axes
	p.Draw(draw.Crop(draw.New(canvas), margin, -margin, margin, -margin))
	return atomicfile.Write(picture, func(w io.Writer) error {
		_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
		return err
	})
}

func readLog(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	table, err := csv.NewReader(f).ReadAll()
	return table, errors.Join(err, f.Close())
}

// column is a column of the log over the epochs.
func column(table [][]string, name string) (plotter.XYs, error) {
	for i, n := range table[0] {
		if n != name {
			continue
		}
		var points plotter.XYs
		for _, row := range table[1:] {
			x, errX := strconv.ParseFloat(row[0], 64)
			y, errY := strconv.ParseFloat(row[i], 64)
			if err := errors.Join(errX, errY); err != nil {
				return nil, err
			}
			points = append(points, plotter.XY{X: x, Y: y})
		}
		return points, nil
	}
	return nil, fmt.Errorf("there is no column %q", name)
}
