package runlog

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/chart"
)

// Log is the rows of a training.
type Log struct {
	path  string
	head  []string
	Cells [][]string // rows below the header, by the columns of Names
}

// Read reads a log. It must have a row, which every training that went on for an epoch
// writes.
func Read(path string) (*Log, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	table, err := csv.NewReader(f).ReadAll()
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(table) < 2 {
		return nil, fmt.Errorf("%s: %d lines: a log has a header and a row for each epoch", path, len(table))
	}
	return &Log{path: path, head: table[0], Cells: table[1:]}, nil
}

// Names are those of the columns.
func (l *Log) Names() []string { return l.head }

// Column is the numbers of a column.
func (l *Log) Column(name string) ([]float64, error) {
	c := slices.Index(l.head, name)
	if c < 0 {
		return nil, fmt.Errorf("%s: there is no column %q among %q", l.path, name, l.head)
	}
	var values []float64
	for i, row := range l.Cells {
		v, err := strconv.ParseFloat(row[c], 64)
		if err != nil {
			return nil, fmt.Errorf("%s: line %d, column %q: %w", l.path, i+2, name, err)
		}
		values = append(values, v)
	}
	return values, nil
}

// Plot draws columns over the epochs into a PNG file. y says what they are.
func (l *Log) Plot(picture, title, y string, columns ...string) error {
	epochs, err := l.Column("epoch")
	if err != nil {
		return err
	}
	c := chart.Chart{Title: title, X: "epoch", Y: y}
	for i, name := range columns {
		values, err := l.Column(name)
		if err != nil {
			return err
		}
		line := chart.Line{Name: name, Colour: i}
		for k, v := range values {
			line.XY = append(line.XY, plotter.XY{X: epochs[k], Y: v})
		}
		c.Lines = append(c.Lines, line)
	}
	return c.Write(picture)
}
