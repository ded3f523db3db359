package augment

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Turn turns a field in the plane of two axes by 0, 90, 180 or 270 degrees, each
// equally likely, or by 0 or 180 degrees if the axes differ in length. Elements
// are moved, never interpolated. By 90 degrees out[i, j] = in[j, n-1-i], which
// seen with rows downwards is anticlockwise, like NumPy's rot90. It takes float32,
// uint8 and int64.
type Turn struct {
	Field string
	With  []string // more fields that are turned as Field is
	// Axes are counted from the first, or from the end if negative. Both zero stand
	// for the last two, (H, W) of (C, H, W).
	Axes [2]int
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape.
func (t Turn) Fields(in []source.Field) ([]source.Field, error) {
	all, err := subjects(in, t.Field, t.With, movable)
	if err != nil {
		return nil, wrap("Turn", err)
	}
	square := make([]bool, len(all))
	for k, i := range all {
		axes := t.axes()
		found, err := axesOf(in[i], axes[:])
		if err != nil {
			return nil, wrap("Turn", err)
		}
		square[k] = in[i].Shape[found[0]] == in[i].Shape[found[1]]
		if square[k] != square[0] {
			return nil, wrap("Turn", fmt.Errorf("%w: %v can be turned by 90 degrees, %v cannot, or the other way round", source.ErrShape, in[all[0]], in[i]))
		}
	}
	return in, nil
}

func (t Turn) axes() [2]int {
	if t.Axes == [2]int{} {
		return [2]int{-2, -1}
	}
	return t.Axes
}

// Apply implements data.Transform.
func (t Turn) Apply(dst, src *data.Row) error {
	f, axes := fieldOf(src, t.Field), t.axes()
	var quarters int
	if f.Shape[fromFirst(f, axes[0])] == f.Shape[fromFirst(f, axes[1])] {
		quarters = src.Rand().Intn(4)
	} else {
		quarters = 2 * src.Rand().Intn(2)
	}
	for k := 0; quarters > 0 && k <= len(t.With); k++ {
		f := fieldOf(src, member(t.Field, t.With, k))
		w := over(f.Shape)
		w.turn(fromFirst(f, axes[0]), fromFirst(f, axes[1]), quarters)
		w.into(f.Shape)
		w.row(dst, src, f, false)
	}
	return nil
}

// turn composes quarters of flips and an exchange of axes.
func (w *walk) turn(i, j, quarters int) {
	switch quarters {
	case 1:
		w.reverse(j)
		w.swap(i, j)
	case 2:
		w.reverse(i)
		w.reverse(j)
	case 3:
		w.reverse(i)
		w.swap(i, j)
	}
}
