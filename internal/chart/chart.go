package chart

import (
	"errors"
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/cascade-hpc/cascade/internal/atomicfile"
)

// Chart is a picture of lines. The y axis begins at 0, or at the lowest point below it.
type Chart struct {
	Title, X, Y string
	Lines       []Line   // later ones lie on top
	Ticks       []string // what stands at x = 0, 1, …, in place of numbers
	Tight       bool     // the y axis begins at the lowest point, wherever that is
	// LegendLow puts the legend into the lower right corner, which curves that rise
	// leave free, rather than above the lines on the right.
	LegendLow bool
}

// Line is drawn through its points in their order.
type Line struct {
	Name   string // in the legend; lines without one are not in it
	XY     plotter.XYs
	Colour int  // of Colours, counted on from its beginning at its end
	Dashed bool // and thin
	Mark   bool // a dot at the last point
	Dots   bool // a dot at every point
}

// Colours are those of Okabe and Ito, which colour-blind readers tell apart, without
// yellow, which is too light for a line.
var Colours = []color.Color{
	color.RGBA{0, 114, 178, 255}, // blue
	color.RGBA{213, 94, 0, 255},  // vermilion
	color.RGBA{0, 158, 115, 255}, // bluish green
	color.RGBA{204, 121, 167, 255},
	color.RGBA{230, 159, 0, 255}, // orange
	color.RGBA{86, 180, 233, 255},
	color.RGBA{0, 0, 0, 255},
}

const (
	width, height = 9 * vg.Inch, 4.5 * vg.Inch
	dotsPerInch   = 96
)

// Write draws the chart into the file, whole or not at all. A line without points, or
// with one that is not finite, is an error.
func (c Chart) Write(path string) error {
	p := c.frame()
	for i, line := range c.Lines {
		if err := line.addTo(p); err != nil {
			return fmt.Errorf("chart: line %d of %q, %q: %w", i, c.Title, line.Name, err)
		}
	}
	c.scale(p)
	if err := atomicfile.Write(path, func(w io.Writer) error { return encode(w, p) }); err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	return nil
}

// scale sets the ends of the axes, with room for the legend above where it stands there.
func (c Chart) scale(p *plot.Plot) {
	if !c.Tight {
		p.Y.Min = min(p.Y.Min, 0)
		if !c.LegendLow {
			p.Y.Max *= 1.15
		}
	} else {
		above, below := 0.35, 0.05
		if c.LegendLow {
			above = below
		}
		span := p.Y.Max - p.Y.Min
		p.Y.Min, p.Y.Max = p.Y.Min-below*span, p.Y.Max+above*span
	}
	if len(c.Ticks) == 0 {
		return
	}
	var ticks plot.ConstantTicks
	for i, name := range c.Ticks {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: name})
	}
	p.X.Tick.Marker = ticks
	const beside = 0.3
	p.X.Min, p.X.Max = min(p.X.Min, -beside), max(p.X.Max, float64(len(ticks))-1+beside)
}

func encode(w io.Writer, p *plot.Plot) error {
	img := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dotsPerInch))
	const gap = 12
	p.Draw(draw.Crop(draw.New(img), gap/2, -gap, gap/2, -gap))
	_, err := vgimg.PngCanvas{Canvas: img}.WriteTo(w)
	return err
}

// frame is an empty plot with a grid and its axes named.
func (c Chart) frame() *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.Title, c.X, c.Y
	for _, f := range []*text.Style{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle,
		&p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		f.Font.Variant = "Sans"
	}
	p.X.Label.Padding, p.Y.Label.Padding, p.Legend.Padding = 2, 2, 3
	p.Legend.Top, p.Legend.XOffs = !c.LegendLow, -6
	p.Add(plotter.NewGrid())
	return p
}

func (l Line) addTo(p *plot.Plot) error {
	if len(l.XY) == 0 {
		return errors.New("it has no points")
	}
	line, err := plotter.NewLine(l.XY)
	if err != nil {
		return err
	}
	line.Color, line.Width = Colours[l.Colour%len(Colours)], 2
	if l.Dashed {
		line.Width, line.Dashes = 1.2, []vg.Length{4, 3}
	}
	p.Add(line)
	if l.Name != "" {
		p.Legend.Add(l.Name, line)
	}
	dots := l.XY
	switch {
	case l.Dots:
	case l.Mark:
		dots = l.XY[len(l.XY)-1:]
	default:
		return nil
	}
	mark, err := plotter.NewScatter(dots)
	if err != nil {
		return err
	}
	mark.Color, mark.Shape, mark.Radius = line.Color, draw.CircleGlyph{}, 2.5
	p.Add(mark)
	return nil
}
