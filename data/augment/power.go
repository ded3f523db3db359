package augment

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Power makes y = x^Exponent of a field of float32, which brings energies that
// span decades closer together: the 3D-GAN for variable angles takes 0.85. An
// element below zero has no such power and is an error of its row. Rows of mostly
// zeros are fast; any other element costs a call of math.Pow.
type Power struct {
	Field    string
	Exponent float64 // above 0
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Power) Fields(in []source.Field) ([]source.Field, error) {
	if !(t.Exponent > 0 && finite(t.Exponent)) {
		return nil, wrap("Power", fmt.Errorf("field %q: %w: an exponent of %g; it must be above zero", t.Field, source.ErrRange, t.Exponent))
	}
	if _, err := subject(in, t.Field, reals); err != nil {
		return nil, wrap("Power", err)
	}
	return in, nil
}

// Apply implements data.Transform. Errors: source.ErrRange.
func (t Power) Apply(dst, _ *data.Row) error {
	x := dst.Float32(t.Field)
	for i, v := range x {
		if v < 0 {
			return wrap("Power", fmt.Errorf("%v: %w: element %d is %g, of which there is no power %g", fieldOf(dst, t.Field), source.ErrRange, i, v, t.Exponent))
		}
		if v != 0 {
			x[i] = float32(math.Pow(float64(v), t.Exponent))
		}
	}
	return nil
}
