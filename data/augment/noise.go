package augment

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Noise adds to each element x of a field of float32 normal numbers of mean 0,
// each drawn on its own:
//
//	y = x + Multiply·x·N(0, 1) + Add·N(0, 1)
//
// Multiply is the relative resolution of a detector, which leaves empty cells
// empty; Add is its electronic noise. A term that is 0 is not drawn.
type Noise struct {
	Field         string
	Add, Multiply float64 // standard deviations
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Noise) Fields(in []source.Field) ([]source.Field, error) {
	for _, deviation := range []float64{t.Add, t.Multiply} {
		if !(deviation >= 0 && finite(deviation)) {
			return nil, wrap("Noise", fmt.Errorf("%w: a standard deviation of %g", source.ErrRange, deviation))
		}
	}
	if _, err := subject(in, t.Field, reals); err != nil {
		return nil, wrap("Noise", err)
	}
	return in, nil
}

// Apply implements data.Transform.
func (t Noise) Apply(dst, src *data.Row) error {
	x, r := dst.Float32(t.Field), src.Rand()
	if t.Multiply != 0 {
		for i, v := range x {
			x[i] = v + v*float32(t.Multiply*r.Normal())
		}
	}
	if t.Add != 0 {
		for i, v := range x {
			x[i] = v + float32(t.Add*r.Normal())
		}
	}
	return nil
}
