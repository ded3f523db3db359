package augment

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Threshold sets elements of a field of float32 that are below a bound to zero,
// as a detector's read-out does: the 3D-GAN takes 1e-6 GeV. NaN stays.
type Threshold struct {
	Field string
	Below float64
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Threshold) Fields(in []source.Field) ([]source.Field, error) {
	if !finite(t.Below) {
		return nil, wrap("Threshold", fmt.Errorf("field %q: %w: a bound of %g", t.Field, source.ErrRange, t.Below))
	}
	if _, err := subject(in, t.Field, reals); err != nil {
		return nil, wrap("Threshold", err)
	}
	return in, nil
}

// Apply implements data.Transform.
func (t Threshold) Apply(dst, _ *data.Row) error {
	x, below := dst.Float32(t.Field), float32(t.Below)
	for i, v := range x {
		if v < below {
			x[i] = 0
		}
	}
	return nil
}
