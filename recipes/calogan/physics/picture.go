package physics

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// pictureDecades is the range of the colours, down from the highest cell.
const pictureDecades = 4

// shades is a picture as plotter.NewHeatMap wants it: columns are layers, rows
// pads, values the logarithm of the energy.
type shades struct {
	energy *[Side * Side]float64 // [x][z]
	lowest float64               // log10 of the energy that the darkest colour stands for
}

func (s shades) Dims() (columns, rows int) { return Side, Side }
func (s shades) X(c int) float64           { return float64(c) }
func (s shades) Y(r int) float64           { return float64(r) }
func (s shades) Z(c, r int) float64 {
	e := s.energy[r*Side+c]
	if e <= 0 {
		return s.lowest
	}
	return max(math.Log10(e), s.lowest)
}

// meanShowerSheet shows the mean shower from the side, of data and of the GAN, in
// the same colours.
func meanShowerSheet(r *Report) (*sheet, error) {
	highest := 0.0
	for _, pic := range r.pictures {
		for _, e := range pic {
			highest = max(highest, e)
		}
	}
	top := 0.0
	if highest > 0 {
		top = math.Ceil(math.Log10(highest)*10) / 10
	}
	colors := moreland.BlackBody() // its lightness rises evenly
	colors.SetMin(top - pictureDecades)
	colors.SetMax(top)
	var panels []*plot.Plot
	for i, name := range []string{r.Data.Name, r.GAN.Name} {
		p := newFrame(name, axisLabel(2), axisLabel(0))
		m := plotter.NewHeatMap(shades{&r.pictures[i], top - pictureDecades}, colors.Palette(256))
		m.Min, m.Max = top-pictureDecades, top
		p.Add(m)
		panels = append(panels, p)
	}
	s := newSheet(panels)
	s.height = 7.2 * vg.Centimeter // nearly square cells
	s.scale = newFrame("", "", "mean energy (GeV)")
	s.scale.Add(&plotter.ColorBar{ColorMap: colors, Vertical: true})
	s.scale.HideX()
	s.scale.Y.Tick.Marker = plot.TickerFunc(decadeTicks)
	return s, nil
}
