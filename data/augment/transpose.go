package augment

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Transpose puts the axes of a field in another order: axis i of the result is
// axis Axes[i] of the field, as in NumPy. Images stored as (H, W, C) become (C, H,
// W) with {2, 0, 1}. It takes float32, uint8 and int64.
type Transpose struct {
	Field string
	Axes  []int // every axis once, counted from the first, or from the end if negative
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape.
func (t Transpose) Fields(in []source.Field) ([]source.Field, error) {
	i, err := subject(in, t.Field, movable)
	if err != nil {
		return nil, wrap("Transpose", err)
	}
	axes, err := axesOf(in[i], t.Axes)
	if err == nil && len(axes) != len(in[i].Shape) {
		err = fmt.Errorf("%v: %w: %d axes are put in order, and there are %d", in[i], source.ErrShape, len(axes), len(in[i].Shape))
	}
	if err != nil {
		return nil, wrap("Transpose", err)
	}
	shape := make([]int, len(axes))
	for k, axis := range axes {
		shape[k] = in[i].Shape[axis]
	}
	return changed(in, i, in[i].Kind, shape), nil
}

// Apply implements data.Transform.
func (t Transpose) Apply(dst, src *data.Row) error {
	f := fieldOf(src, t.Field)
	straight := over(f.Shape)
	w := straight
	for k, axis := range t.Axes {
		w.axes[k] = straight.axes[fromFirst(f, axis)]
	}
	w.into(fieldOf(dst, t.Field).Shape)
	w.row(dst, src, f, false)
	return nil
}
