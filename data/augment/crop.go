package augment

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// Crop cuts a window out of the last axes of a field, at a random place or in the
// middle, after putting zeros around it:
//
//	out[…, i, j] = padded[…, i+a, j+b],  a in 0 … H+2·Pad-h, b alike
//
// It takes float32, uint8 and int64. Random crops of 32 x 32 from CIFAR's images
// with Pad 4 are those of He et al., "Deep residual learning", CVPR 2016, 4.2.
type Crop struct {
	Field string
	With  []string // more fields whose last axes are as long, cut at the same place
	Size  []int    // of the window: {h, w}, or {d, h, w}
	Pad   int      // zeros on either side of each axis of the window
	// Centre cuts the window out of the middle; of an odd number of places too many,
	// one more is left out at the end. The default is a random place.
	Centre bool
}

// Fields implements data.Transform. Errors: source.ErrMissing, source.ErrType,
// source.ErrShape, source.ErrRange.
func (t Crop) Fields(in []source.Field) ([]source.Field, error) {
	all, err := subjects(in, t.Field, t.With, movable)
	if err != nil {
		return nil, wrap("Crop", err)
	}
	if len(t.Size) == 0 || t.Pad < 0 {
		return nil, wrap("Crop", fmt.Errorf("%w: a window %s, padded by %d", source.ErrRange, source.Tuple(t.Size), t.Pad))
	}
	out := in
	for _, i := range all {
		shape, err := t.shape(in[i], in[all[0]])
		if err != nil {
			return nil, wrap("Crop", err)
		}
		out = changed(out, i, in[i].Kind, shape)
	}
	return out, nil
}

// shape is that of the window of f, whose last axes must be those of first.
func (t Crop) shape(f, first source.Field) ([]int, error) {
	axes, err := axesOf(f, last(len(t.Size)))
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(f.Shape)
	skip := len(first.Shape) - len(t.Size)
	for k, axis := range axes {
		n, size := f.Shape[axis], t.Size[k]
		if size < 1 || size > n+2*t.Pad {
			return nil, fmt.Errorf("%v: %w: a window %s does not fit, with a padding of %d", f, source.ErrRange, source.Tuple(t.Size), t.Pad)
		}
		if n != first.Shape[skip+k] {
			return nil, fmt.Errorf("%w: %v and %v cannot be cut at the same place", source.ErrShape, first, f)
		}
		shape[axis] = size
	}
	return shape, nil
}

// Apply implements data.Transform.
func (t Crop) Apply(dst, src *data.Row) error {
	var places [maxRank]int // in the padded field
	first := fieldOf(src, t.Field)
	skip := len(first.Shape) - len(t.Size)
	for k, size := range t.Size {
		room := first.Shape[skip+k] + 2*t.Pad - size
		if t.Centre {
			places[k] = room / 2
		} else {
			places[k] = src.Rand().Intn(room + 1)
		}
	}
	for k := 0; k <= len(t.With); k++ {
		f := fieldOf(src, member(t.Field, t.With, k))
		w := over(f.Shape)
		w.into(fieldOf(dst, f.Name).Shape)
		for i, size := range t.Size {
			w.window(len(f.Shape)-len(t.Size)+i, places[i]-t.Pad, size)
		}
		w.row(dst, src, f, t.Pad > 0)
	}
	return nil
}

// window narrows an axis to what lies in a window of size elements at a place,
// which may begin before the axis and end behind it.
func (w *walk) window(axis, at, size int) {
	a := &w.axes[axis]
	first, end := max(at, 0), min(at+size, a.n)
	w.from += first * a.from
	w.to += (first - at) * a.to
	a.n = max(0, end-first)
}
