package augment

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Rotate turns the last two axes of a field about their middle by an angle that is
// uniform in [-Degrees, Degrees]; positive angles are anticlockwise, seen with
// rows downwards. Pixel (y, x) of the result is interpolated bilinearly at
//
//	(cy + sin·(x-cx) + cos·(y-cy), cx + cos·(x-cx) - sin·(y-cy))
//
// with (cy, cx) the middle; what lies outside is zero. It takes float32 and uint8,
// whose values it rounds. Turn is exact where quarters will do.
type Rotate struct {
	Field   string
	Degrees float64
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Rotate) Fields(in []source.Field) ([]source.Field, error) {
	if !(t.Degrees >= 0 && t.Degrees <= 180) {
		return nil, wrap("Rotate", fmt.Errorf("%w: angles up to %g degrees, and 180 is all there are", source.ErrRange, t.Degrees))
	}
	i, err := subject(in, t.Field, pixels)
	if err == nil {
		_, err = axisOf(in[i], -2)
	}
	if err != nil {
		return nil, wrap("Rotate", err)
	}
	return in, nil
}

// Apply implements data.Transform.
func (t Rotate) Apply(dst, src *data.Row) error {
	f := fieldOf(src, t.Field)
	r := rotation{}
	r.height, r.width = plane(f)
	r.sin, r.cos = math.Sincos(t.Degrees * (2*src.Rand().Float64() - 1) * math.Pi / 180)
	if f.Kind == source.Uint8 {
		rotate(&r, dst.Uint8(t.Field), .5)
		return nil
	}
	rotate(&r, dst.Float32(t.Field), 0)
	return nil
}

// rotation turns planes of height x width.
type rotation struct {
	height, width int
	sin, cos      float64
}

// rotate turns each plane of x in place, and adds a half to values that are
// going to be truncated.
func rotate[T float32 | uint8](r *rotation, x []T, half float32) {
	s := borrow()
	defer s.giveBack()
	copied := room[T](s, r.height*r.width)
	cy, cx := float64(r.height-1)/2, float64(r.width-1)/2
	for ; len(x) > 0; x = x[len(copied):] {
		copy(copied, x)
		for i := range r.height {
			y, row := float64(i)-cy, x[i*r.width:(i+1)*r.width]
			for j := range row {
				x := float64(j) - cx
				row[j] = T(bilinear(copied, r, cy+r.sin*x+r.cos*y, cx+r.cos*x-r.sin*y) + half)
			}
		}
	}
}

// bilinear is the value of a plane at a place between its pixels.
func bilinear[T float32 | uint8](plane []T, r *rotation, y, x float64) float32 {
	top, left := math.Floor(y), math.Floor(x)
	dy, dx := float32(y-top), float32(x-left)
	i, j := int(top), int(left)
	if i >= 0 && i < r.height-1 && j >= 0 && j < r.width-1 {
		above, below := plane[i*r.width+j:], plane[(i+1)*r.width+j:]
		return (1-dy)*((1-dx)*float32(above[0])+dx*float32(above[1])) +
			dy*((1-dx)*float32(below[0])+dx*float32(below[1]))
	}
	at := func(i, j int) float32 {
		if i < 0 || i >= r.height || j < 0 || j >= r.width {
			return 0
		}
		return float32(plane[i*r.width+j])
	}
	return (1-dy)*((1-dx)*at(i, j)+dx*at(i, j+1)) + dy*((1-dx)*at(i+1, j)+dx*at(i+1, j+1))
}
