package physics

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// Logarithmic axes are linear ones in the power of ten, with labels to match: a
// plot of no positive number then is an empty plot, where plot.LogScale panics.

// mostDecades is how far down a logarithmic axis reaches.
const mostDecades = 6

// headroom leaves space for the legend above the curves, from zero up.
func headroom(p *plot.Plot) {
	p.Y.Min = 0
	p.Y.Max = 1.35 * p.Y.Max
	if !(p.Y.Max > 0) || math.IsInf(p.Y.Max, 0) { // nothing was drawn
		p.Y.Max = 1
	}
}

// logY names the powers of ten along y and leaves space for the legend.
func logY(p *plot.Plot) {
	if math.IsInf(p.Y.Max, 0) { // nothing was drawn
		p.Y.Min, p.Y.Max = 0, 1
	}
	p.Y.Min = max(p.Y.Min, p.Y.Max-mostDecades) - 0.1
	p.Y.Max += 0.3 * (p.Y.Max - p.Y.Min)
	p.Y.Tick.Marker = plot.TickerFunc(decadeTicks)
}

// logX names the powers of ten along x, from one to another.
func logX(p *plot.Plot, first, last float64) {
	p.X.Min, p.X.Max = first, last
	p.X.Tick.Marker = plot.TickerFunc(decadeTicks)
}

// legendLeft moves the legend to the upper left corner.
func legendLeft(p *plot.Plot) {
	p.Legend.Left = true
	p.Legend.XOffs = -p.Legend.XOffs
}

// decadeTicks marks whole powers of ten, and names enough of them that the names
// do not run into each other.
func decadeTicks(low, high float64) []plot.Tick {
	const names = 5
	first, last := int(math.Ceil(low)), int(math.Floor(high))
	every := (last-first)/names + 1
	var ticks []plot.Tick
	for k := first; k <= last; k++ {
		t := plot.Tick{Value: float64(k)}
		if k%every == 0 {
			t.Label = fmt.Sprintf("1e%d", k)
		}
		ticks = append(ticks, t)
	}
	return ticks
}
