package augment

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Normalize makes y = (x - Mean[c]) / Std[c] of a field of float32 or uint8, with c
// the index along the first axis of a row; the result is float32. With one mean
// and one deviation they are those of all elements. Both are in the units of the
// field: of bytes, the published numbers for images in [0, 1] have to be times
// 255.
type Normalize struct {
	Field     string
	Mean, Std []float64
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Normalize) Fields(in []source.Field) ([]source.Field, error) {
	i, err := subject(in, t.Field, pixels)
	if err == nil {
		err = t.check(in[i])
	}
	if err != nil {
		return nil, wrap("Normalize", err)
	}
	return changed(in, i, source.Float32, in[i].Shape), nil
}

func (t Normalize) check(f source.Field) error {
	n := len(t.Mean)
	if len(t.Std) != n || n != 1 && (len(f.Shape) == 0 || n != f.Shape[0]) {
		return fmt.Errorf("%v: %w: %d means and %d deviations; it takes one of each, or one for each index of the first axis", f, source.ErrShape, n, len(t.Std))
	}
	for c := range t.Mean {
		if !finite(t.Mean[c]) || !finite(t.Std[c]) || float32(t.Std[c]) <= 0 {
			return fmt.Errorf("%v: %w: mean %g and deviation %g in place %d", f, source.ErrRange, t.Mean[c], t.Std[c], c)
		}
	}
	return nil
}

// Apply implements data.Transform.
func (t Normalize) Apply(dst, src *data.Row) error {
	f, y := fieldOf(src, t.Field), dst.Float32(t.Field)
	size := len(y) / len(t.Mean)
	for c := range t.Mean {
		mean, std, from, to := float32(t.Mean[c]), float32(t.Std[c]), c*size, (c+1)*size
		if f.Kind == source.Uint8 {
			normalize(y[from:to], src.Uint8(t.Field)[from:to], mean, std)
		} else {
			normalize(y[from:to], y[from:to], mean, std)
		}
	}
	return nil
}

func normalize[T float32 | uint8](y []float32, x []T, mean, std float32) {
	for i, v := range x {
		y[i] = (float32(v) - mean) / std
	}
}
