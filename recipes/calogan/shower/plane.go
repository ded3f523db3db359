package shower

import (
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// plane counts the spots in the pads of one layer.
type plane struct {
	x, y  float32 // where the axis is, in pads
	count [Pads * Pads]uint32
}

// scatter adds n spots of density 2 r R^2 / (r^2 + R^2)^2 about the axis, R in
// pads. A spot outside the window is lost.
//
// This loop is nearly all the time of an event, and it draws no angle: for a
// point (x, y) that is uniform in the unit disc, s = x^2 + y^2 is uniform in
// [0, 1) and independent of the direction (x, y)/sqrt(s). With the inverse of
// the cumulative distribution, r = R sqrt(s/(1-s)), the spot is
// (x, y) R / sqrt(1-s).
func (p *plane) scatter(n int, radius float32, rng *philox.Stream) {
	for n > 0 {
		x := signed(rng.Uint32())
		y := signed(rng.Uint32())
		rest := 1 - x*x - y*y
		if rest <= 0 {
			continue
		}
		n--
		r := radius / float32(math.Sqrt(float64(rest)))
		px, py := p.x+r*x, p.y+r*y
		if px >= 0 && px < Pads && py >= 0 && py < Pads {
			p.count[int(px)*Pads+int(py)]++
		}
	}
}

// signed maps 32 bits to (-1, 1), in steps that a float32 holds exactly and that
// are symmetric about zero.
func signed(w uint32) float32 {
	return (float32(int32(w)>>8) + 0.5) * 0x1p-23
}
