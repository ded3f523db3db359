package resample

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data/source"
)

// Rand is what RandomBox draws from.
type Rand interface {
	Float64() float64
	Intn(n int) int
}

// Span is an interval of numbers.
type Span struct{ From, To float64 }

// RandomBox draws a box of an image by the recipe of Szegedy et al., "Going deeper
// with convolutions", CVPR 2015, section 6: its area is uniform in area, a share
// of the image's, and the logarithm of width/height uniform in that of aspect. A
// box that does not fit is drawn again, ten times at most; after that it is the
// largest one in the middle whose aspect is allowed.
func RandomBox(r Rand, height, width int, area, aspect Span) Box {
	for range 10 {
		a := between(r, area) * float64(height) * float64(width)
		ratio := math.Exp(between(r, Span{math.Log(aspect.From), math.Log(aspect.To)}))
		w, h := int(math.Round(math.Sqrt(a*ratio))), int(math.Round(math.Sqrt(a/ratio)))
		if 0 < w && w <= width && 0 < h && h <= height {
			top := r.Intn(height - h + 1)
			return Box{Top: top, Left: r.Intn(width - w + 1), Height: h, Width: w}
		}
	}
	w, h := width, height
	switch ratio := float64(width) / float64(height); {
	case ratio < aspect.From:
		h = int(math.Round(float64(w) / aspect.From))
	case ratio > aspect.To:
		w = int(math.Round(float64(h) * aspect.To))
	}
	return Middle(height, width, max(1, h), max(1, w))
}

func between(r Rand, s Span) float64 { return s.From + (s.To-s.From)*r.Float64() }

// Middle is the box of h x w pixels in the middle of an image; of an odd number of
// pixels too many, one more is left out at the end.
func Middle(height, width, h, w int) Box {
	return Box{Top: (height - h) / 2, Left: (width - w) / 2, Height: h, Width: w}
}

// Spans are bounds of areas and aspects as a user gives them. Zero values are the
// published ones, 8% to 100% and 3/4 to 4/3. Errors: source.ErrRange.
func Spans(area, aspect [2]float64) (Span, Span, error) {
	if area == [2]float64{} {
		area = [2]float64{.08, 1}
	}
	if aspect == [2]float64{} {
		aspect = [2]float64{3. / 4, 4. / 3}
	}
	const narrowest = 1e-6
	if !(area[0] > 0 && area[0] <= area[1] && area[1] <= 1) {
		return Span{}, Span{}, fmt.Errorf("%w: areas of boxes in %v; they are shares in (0, 1]", source.ErrRange, area)
	}
	if !(aspect[0] >= narrowest && aspect[0] <= aspect[1] && aspect[1] <= 1/narrowest) {
		return Span{}, Span{}, fmt.Errorf("%w: aspects of boxes in %v", source.ErrRange, aspect)
	}
	return Span{area[0], area[1]}, Span{aspect[0], aspect[1]}, nil
}
