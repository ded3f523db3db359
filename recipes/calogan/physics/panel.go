package physics

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// style tells the samples apart by colour, line and mark. The colours are blue
// and vermilion of Okabe and Ito, which colour-blind readers tell apart.
type style struct {
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	glyph  draw.GlyphDrawer
}

var (
	dataStyle = style{color: color.RGBA{0, 114, 178, 255}, width: 2.4}
	ganStyle  = style{color: color.RGBA{213, 94, 0, 255}, width: 1.2, dashes: []vg.Length{4, 3}, glyph: draw.CircleGlyph{}}
)

// newPanel is an empty plot with a grid behind what is drawn.
func newPanel(title, x, y string) *plot.Plot {
	p := newFrame(title, x, y)
	p.Add(plotter.NewGrid())
	return p
}

// newFrame is an empty plot with its axes named, in the letters of all panels.
func newFrame(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text = title
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, f := range []*text.Style{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle,
		&p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		f.Font.Variant = "Sans"
	}
	p.X.Label.Padding, p.Y.Label.Padding = 2, 2
	p.Legend.Top = true
	p.Legend.Padding = 3
	p.Legend.XOffs = -6
	return p
}

// points is a curve with errors: it implements plotter.XYer and
// plotter.YErrorer.
type points struct {
	x, y, low, high []float64
}

func (c points) Len() int                         { return len(c.x) }
func (c points) XY(i int) (x, y float64)          { return c.x[i], c.y[i] }
func (c points) YError(i int) (low, high float64) { return c.low[i], c.high[i] }

func (c *points) add(x float64, e Estimate) {
	c.x, c.y = append(c.x, x), append(c.y, e.Mean)
	c.low, c.high = append(c.low, e.Error), append(c.high, e.Error)
}

// addLog adds the logarithm, or nothing if there is none. An error bar ends two
// decades below its point rather than at minus infinity.
func (c *points) addLog(x float64, e Estimate) {
	if e.Mean <= 0 {
		return
	}
	c.x, c.y = append(c.x, x), append(c.y, math.Log10(e.Mean))
	c.low = append(c.low, -math.Log10(max(1-e.Error/e.Mean, 0.01)))
	c.high = append(c.high, math.Log10(1+e.Error/e.Mean))
}

// addCurve draws a line with error bars, and a mark at each point where the style
// has one. Nothing is drawn of an empty curve.
func addCurve(p *plot.Plot, name string, c points, s style) error {
	if c.Len() == 0 {
		return nil
	}
	line, err := plotter.NewLine(c)
	if err != nil {
		return err
	}
	line.Color, line.Dashes, line.Width = s.color, s.dashes, s.width
	bars, err := plotter.NewYErrorBars(c)
	if err != nil {
		return err
	}
	bars.Color = s.color
	bars.CapWidth = 3
	p.Add(line, bars)
	if s.glyph == nil {
		p.Legend.Add(name, line)
		return nil
	}
	marks, err := plotter.NewScatter(c)
	if err != nil {
		return err
	}
	marks.Color, marks.Shape, marks.Radius = s.color, s.glyph, 2
	p.Add(marks)
	p.Legend.Add(name, line, marks)
	return nil
}

// addPair draws both samples.
func (r *Report) addPair(p *plot.Plot, x []float64, pairs []Pair) error {
	return r.drawPair(p, x, pairs, (*points).add)
}

// addLogPair draws the logarithms of both samples; logY does the rest.
func (r *Report) addLogPair(p *plot.Plot, x []float64, pairs []Pair) error {
	return r.drawPair(p, x, pairs, (*points).addLog)
}

func (r *Report) drawPair(p *plot.Plot, x []float64, pairs []Pair, add func(*points, float64, Estimate)) error {
	var data, gan points
	for i, pr := range pairs {
		add(&data, x[i], pr.Data)
		add(&gan, x[i], pr.GAN)
	}
	if err := addCurve(p, r.Data.Name, data, dataStyle); err != nil {
		return err
	}
	return addCurve(p, r.GAN.Name, gan, ganStyle)
}

// ratioPanel shows GAN over data, with a line at 1 and the limit of the pass mark
// on either side. What is further off than the panel reaches is not shown.
func (r *Report) ratioPanel(x []float64, pairs []Pair, label string) (*plot.Plot, error) {
	p := newPanel("", label, r.GAN.Name+" / "+r.Data.Name)
	var c points
	for i, pr := range pairs {
		if pr.Data.Mean > 0 {
			ratio := pr.GAN.Mean / pr.Data.Mean
			c.add(x[i], Estimate{ratio, math.Hypot(pr.GAN.Error, ratio*pr.Data.Error) / pr.Data.Mean})
		}
	}
	if err := addCurve(p, "", c, ganStyle); err != nil {
		return nil, err
	}
	p.Legend = plot.NewLegend()
	for _, y := range []float64{1 - profileLimit, 1, 1 + profileLimit} {
		line, err := plotter.NewLine(plotter.XYs{{X: x[0], Y: y}, {X: x[len(x)-1], Y: y}})
		if err != nil {
			return nil, err
		}
		line.Color = dataStyle.color
		if y != 1 {
			line.Dashes = []vg.Length{1, 2}
		}
		p.Add(line)
	}
	p.Y.Min, p.Y.Max = 0.5, 1.5
	return p, nil
}
