package phantom

import (
	"image"
	"math"

	"github.com/cascade-hpc/cascade/internal/philox"
)

// canvas is an image under way: brightness from 0 to 1, rows downwards. Places and
// lengths on it are shares of its side.
type canvas struct {
	size int
	grey []float64
}

func newCanvas(size int) *canvas {
	return &canvas{size, make([]float64, size*size)}
}

// ellipse is a place with a soft edge.
type ellipse struct {
	x, y, rx, ry float64
	edge         float64 // width of the edge, as a share of the radii
}

// cover is 1 in the middle of the ellipse, 0 outside, and in between at its edge.
func (e ellipse) cover(x, y float64) float64 {
	dx, dy := (x-e.x)/e.rx, (y-e.y)/e.ry
	return ramp((1 - math.Sqrt(dx*dx+dy*dy)) / max(e.edge, 1e-3))
}

// box bounds the ellipse.
func (e ellipse) box() (x0, y0, x1, y1 float64) {
	return e.x - e.rx, e.y - e.ry, e.x + e.rx, e.y + e.ry
}

// at is a place in the ellipse, from -1 to 1 along each axis.
func (e ellipse) at(u, v float64) (x, y float64) { return e.x + u*e.rx, e.y + v*e.ry }

// ramp rises from 0 at 0 to 1 at 1, smoothly.
func ramp(t float64) float64 {
	t = min(max(t, 0), 1)
	return t * t * (3 - 2*t)
}

// add adds an amount of brightness over an ellipse.
func (c *canvas) add(e ellipse, amount float64) {
	c.within(e, func(x, y float64) float64 { return amount * e.cover(x, y) })
}

// within adds what f says for each place in the box of an ellipse.
func (c *canvas) within(e ellipse, f func(x, y float64) float64) {
	x0, y0, x1, y1 := e.box()
	n := float64(c.size)
	for j := max(0, int(y0*n)); j < min(c.size, int(y1*n)+1); j++ {
		for i := max(0, int(x0*n)); i < min(c.size, int(x1*n)+1); i++ {
			c.grey[j*c.size+i] += f((float64(i)+.5)/n, (float64(j)+.5)/n)
		}
	}
}

// picture is the canvas in bytes, with noise that is uniform and so wide in all.
func (c *canvas) picture(noise float64, r philox.Stream) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, c.size, c.size))
	for i, v := range c.grey {
		v += noise * (r.Float64() - .5)
		img.Pix[i] = uint8(math.Round(255 * min(max(v, 0), 1)))
	}
	return img
}
