package plan

import (
	"gonum.org/v1/plot/plotter"

	"github.com/cascade-hpc/cascade/internal/chart"
	"github.com/cascade-hpc/cascade/nn/schedule"
)

// Plot draws the learning rate into a PNG file, over the epochs that the weights have
// seen. Each segment begins where the weights come from, so that a collapse branches
// off its phase while the phase behind goes on from the same point; a dot is a snapshot.
func (t *Timeline) Plot(path string) error { return t.chart().Write(path) }

func (t *Timeline) chart() chart.Chart {
	c := chart.Chart{Title: t.name, X: "epochs that the weights have seen", Y: "learning rate"}
	ends := map[string]plotter.XY{}
	named := map[bool]bool{}
	for _, s := range t.segments {
		line := t.line(s, ends)
		if !named[s.Collapse] {
			line.Name, named[s.Collapse] = legend(s.Collapse), true
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

func legend(collapse bool) string {
	if collapse {
		return "collapses"
	}
	return "phases"
}

// mostPoints is more than a picture has columns.
const mostPoints = 2000

// line draws a segment from the end of another, and notes its own.
func (t *Timeline) line(s Segment, ends map[string]plotter.XY) chart.Line {
	line := chart.Line{Mark: s.Snapshot, Dashed: s.Collapse}
	if s.Collapse {
		line.Colour = 1
	}
	from, ok := ends[s.From]
	if ok {
		line.XY = append(line.XY, from)
	}
	for at := range schedule.Samples(s.Length, mostPoints) {
		line.XY = append(line.XY, plotter.XY{X: from.X + t.epochs(at), Y: s.LR.At(at)})
	}
	last := line.XY[len(line.XY)-1]
	end := plotter.XY{X: from.X + t.epochs(s.Length), Y: last.Y}
	line.XY = append(line.XY, end)
	ends[s.Name] = end
	return line
}
