package physics

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

const (
	panelWidth  = 9 * vg.Centimeter
	panelHeight = 6.2 * vg.Centimeter
)

func newSheet(rows ...[]*plot.Plot) *sheet {
	return &sheet{
		width:  panelWidth * vg.Length(len(rows[0])),
		height: panelHeight * vg.Length(len(rows)),
		rows:   rows,
	}
}

// positions are the cell numbers along an axis.
func positions() []float64 {
	x := make([]float64, Side)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

func axisLabel(axis int) string {
	if axis == 2 {
		return "layer (z)"
	}
	return fmt.Sprintf("pad (%s)", axisNames[axis])
}

func profilesSheet(r *Report) (*sheet, error) {
	rows := [][]*plot.Plot{nil, nil}
	for axis := range axisNames {
		pr := &r.Profiles[axis]
		p := newPanel("", "", "mean energy (GeV)")
		draw, scale := r.addPair, headroom
		if axis < 2 { // a narrow peak over a wide skirt
			draw, scale = r.addLogPair, logY
		}
		if err := draw(p, positions(), pr.At[:]); err != nil {
			return nil, err
		}
		scale(p)
		ratio, err := r.ratioPanel(positions(), pr.At[:], axisLabel(axis))
		if err != nil {
			return nil, err
		}
		rows[0], rows[1] = append(rows[0], p), append(rows[1], ratio)
	}
	return newSheet(rows...), nil
}

// byEnergy plots a quantity of the bands, in the unit that scale makes of it.
func byEnergy(r *Report, y string, scale float64, of func(Band) Pair) (*plot.Plot, error) {
	var x []float64
	var pairs []Pair
	for _, b := range r.Bands {
		x = append(x, b.Energy)
		pairs = append(pairs, of(b).scaled(scale))
	}
	p := newPanel("", "primary energy (GeV)", y)
	if err := r.addPair(p, x, pairs); err != nil {
		return nil, err
	}
	p.X.Min = 0
	return p, nil
}

func responseSheet(r *Report) (*sheet, error) {
	sum, err := byEnergy(r, "visible energy (GeV)", 1, func(b Band) Pair { return b.Visible })
	if err != nil {
		return nil, err
	}
	legendLeft(sum)
	headroom(sum)
	width, err := byEnergy(r, "resolution (%)", 100, func(b Band) Pair { return b.Resolution })
	if err != nil {
		return nil, err
	}
	headroom(width)
	return newSheet([]*plot.Plot{sum, width}), nil
}

func fractionSheet(r *Report) (*sheet, error) {
	p, err := byEnergy(r, "visible / primary energy (%)", 100, func(b Band) Pair { return b.Fraction })
	if err != nil {
		return nil, err
	}
	// The fall with energy is a few tenths of the value: an axis from zero hides it.
	p.Y.Min *= 0.95
	p.Y.Max *= 1.1
	return newSheet([]*plot.Plot{p}), nil
}

func hitsSheet(r *Report) (*sheet, error) {
	p, err := byEnergy(r, "cells above 0.3 MeV", 1, func(b Band) Pair { return b.Hits })
	if err != nil {
		return nil, err
	}
	legendLeft(p)
	headroom(p)
	return newSheet([]*plot.Plot{p}), nil
}

func maximumSheet(r *Report) (*sheet, error) {
	at := newPanel("", axisLabel(2)+" of the highest cell", "share of showers")
	if err := r.addPair(at, positions(), r.Maxima[2].At[:]); err != nil {
		return nil, err
	}
	headroom(at)
	depth, err := byEnergy(r, "mean layer", 1, func(b Band) Pair { return b.Depth })
	if err != nil {
		return nil, err
	}
	legendLeft(depth)
	headroom(depth)
	return newSheet([]*plot.Plot{at, depth}), nil
}

func spectrumSheet(r *Report) (*sheet, error) {
	// Far below the cut the data hold nothing; a GAN may, and the share of cells
	// on the right shows how much.
	const first = -7
	cells := newPanel("", "cell energy (GeV)", "cells per shower and bin")
	from := 1 + (first-lowestDecade)*perDecade
	var x []float64
	for i := from; i < spectrumBins; i++ {
		x = append(x, first+float64(i-from)/perDecade)
	}
	if err := r.addLogPair(cells, x, r.Spectrum.Cells[from:]); err != nil {
		return nil, err
	}
	logY(cells)
	logX(cells, first, highestDecade)

	x = x[:0]
	for decade := lowestDecade; decade <= highestDecade; decade++ {
		x = append(x, float64(decade))
	}
	above := newPanel("", "threshold (GeV)", "share of cells above it")
	if err := r.addPair(above, x, r.Spectrum.Above); err != nil {
		return nil, err
	}
	headroom(above)
	logX(above, lowestDecade, highestDecade)
	return newSheet([]*plot.Plot{cells, above}), nil
}
