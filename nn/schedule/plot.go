package schedule

import (
	"fmt"

	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/chart"
)

// mostPoints is more than a picture has columns.
const mostPoints = 4000

// Plot draws laws over the steps from 0 to before steps into a PNG file.
func Plot(path string, steps uint64, laws ...Law) error {
	if err := checkAll(laws); err != nil {
		return err
	}
	if steps == 0 || len(laws) == 0 {
		return fmt.Errorf("schedule: a plot of %d laws over %d steps: at least one of each is expected", len(laws), steps)
	}
	c := chart.Chart{X: "step", Y: "value"}
	for i, law := range laws {
		line := chart.Line{Name: law.String(), Colour: i}
		for at := range Samples(steps, mostPoints) {
			line.XY = append(line.XY, plotter.XY{X: float64(at), Y: law.At(at)})
		}
		c.Lines = append(c.Lines, line)
	}
	return c.Write(path)
}
