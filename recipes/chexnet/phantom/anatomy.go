package phantom

import "github.com/cascade-hpc/cascade/internal/philox"

// anatomy is what the images of a patient have in common.
type anatomy struct {
	body, heart ellipse
	lungs       [2]ellipse
	ribs        float64 // distance from one to the next
}

// newAnatomy draws that of a patient.
func newAnatomy(r *philox.Stream) anatomy {
	vary := func(x, by float64) float64 { return x * (1 + by*(2*r.Float64()-1)) }
	a := anatomy{
		body:  ellipse{.5, .55, vary(.46, .05), vary(.6, .05), .15},
		heart: ellipse{vary(.54, .03), vary(.62, .03), vary(.1, .1), vary(.13, .1), .3},
		ribs:  vary(.075, .1),
	}
	height, width := vary(.3, .08), vary(.155, .08)
	for i, x := range []float64{.3, .7} {
		a.lungs[i] = ellipse{vary(x, .03), vary(.48, .03), width, height, .25}
	}
	return a
}

// draw paints a healthy chest, with a heart some times as wide as the patient's and the
// lungs darker by some share.
func (a anatomy) draw(c *canvas, heart, dark float64) {
	c.add(a.body, .6)
	for _, lung := range a.lungs {
		c.add(lung, -.38*(1+dark))
		c.within(lung, func(x, y float64) float64 {
			// Ribs sink towards the sides.
			bend := (x - .5) * (x - .5)
			phase := (y - bend) / a.ribs
			phase -= float64(int(phase))
			return .06 * lung.cover(x, y) * ramp(4*min(phase, 1-phase)-.8)
		})
	}
	h := a.heart
	h.rx *= heart
	c.add(h, .22)
	c.add(ellipse{.5, .5, .035, .5, .6}, .12) // spine and great vessels
}
