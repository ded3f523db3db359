package augment

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Flip mirrors a field along each of its axes with a probability, each on its
// own: out[…, i, …] = in[…, n-1-i, …]. It takes float32, uint8 and int64.
type Flip struct {
	Field string
	// With are more fields that are flipped or not as Field is, such as the mask of
	// an image.
	With []string
	// Axes are axes of a row, counted from the first, or from the end if negative.
	// None is the last axis alone: left and right of (C, H, W). A calorimeter that is
	// symmetric in x and y, (C, X, Y, Z), has {1, 2}. Axis 0 with P 1 turns RGB into
	// BGR.
	Axes []int
	// P is the probability of a flip. 0 is one half.
	P float64
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Flip) Fields(in []source.Field) ([]source.Field, error) {
	if !(t.P >= 0 && t.P <= 1) {
		return nil, wrap("Flip", fmt.Errorf("%w: a probability of %g", source.ErrRange, t.P))
	}
	all, err := subjects(in, t.Field, t.With, movable)
	if err != nil {
		return nil, wrap("Flip", err)
	}
	for _, i := range all {
		if _, err := axesOf(in[i], t.axes()); err != nil {
			return nil, wrap("Flip", err)
		}
	}
	return in, nil
}

func (t Flip) axes() []int {
	if len(t.Axes) == 0 {
		return lastAxis
	}
	return t.Axes
}

var lastAxis = last(1)

// Apply implements data.Transform.
func (t Flip) Apply(dst, src *data.Row) error {
	p := t.P
	if p == 0 {
		p = .5
	}
	var flips [maxRank]bool
	some := false
	for k := range t.axes() {
		flips[k] = src.Rand().Float64() < p
		some = some || flips[k]
	}
	for k := 0; some && k <= len(t.With); k++ {
		f := fieldOf(src, member(t.Field, t.With, k))
		w := over(f.Shape)
		for i, axis := range t.axes() {
			if flips[i] {
				w.reverse(fromFirst(f, axis))
			}
		}
		w.into(f.Shape)
		w.row(dst, src, f, false)
	}
	return nil
}
