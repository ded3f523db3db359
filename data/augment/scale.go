package augment

import (
	"fmt"
	"math"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Scale makes y = Factor·x of a field of float32 or uint8; the result is float32.
// Energies in MeV become GeV with 1e-3, bytes become [0, 1] with 1.0/255.
type Scale struct {
	Field  string
	Factor float64
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Scale) Fields(in []source.Field) ([]source.Field, error) {
	if !finite(t.Factor) || float32(t.Factor) == 0 {
		return nil, wrap("Scale", fmt.Errorf("field %q: %w: a factor of %g", t.Field, source.ErrRange, t.Factor))
	}
	i, err := subject(in, t.Field, pixels)
	if err != nil {
		return nil, wrap("Scale", err)
	}
	return changed(in, i, source.Float32, in[i].Shape), nil
}

// Apply implements data.Transform.
func (t Scale) Apply(dst, src *data.Row) error {
	y, factor := dst.Float32(t.Field), float32(t.Factor)
	if fieldOf(src, t.Field).Kind == source.Uint8 {
		for i, v := range src.Uint8(t.Field) {
			y[i] = factor * float32(v)
		}
		return nil
	}
	for i, v := range y {
		y[i] = factor * v
	}
	return nil
}

// finite says that a float32 of the value is a number.
func finite(x float64) bool {
	return math.Abs(x) <= math.MaxFloat32
}
