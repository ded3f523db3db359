package augment

import (
	"fmt"
	"slices"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
)

// maxRank is the largest number of axes of a row that can be moved about: a bound,
// so that a walk needs no memory of its own.
const maxRank = 8

// The kinds that transforms work on: whatever moves elements takes movable ones,
// arithmetic makes float32.
var (
	movable = []source.Kind{source.Float32, source.Uint8, source.Int64}
	pixels  = []source.Kind{source.Float32, source.Uint8}
	reals   = []source.Kind{source.Float32}
)

// subject finds the field that a transform changes. Errors: source.ErrMissing,
// source.ErrType, source.ErrShape.
func subject(in []source.Field, name string, kinds []source.Kind) (int, error) {
	i, err := source.Find(in, name)
	if err != nil {
		return i, err
	}
	f := in[i]
	if !slices.Contains(kinds, f.Kind) {
		return i, fmt.Errorf("field %q: %w: its elements are %s; what can be done is %v", name, source.ErrType, f.Kind, kinds)
	}
	if len(f.Shape) > maxRank {
		return i, fmt.Errorf("field %q: %w %s: more than %d axes", name, source.ErrShape, source.Tuple(f.Shape), maxRank)
	}
	return i, nil
}

// subjects is subject for a field and those that change with it.
func subjects(in []source.Field, name string, with []string, kinds []source.Kind) ([]int, error) {
	all := make([]int, 1+len(with))
	for k := range all {
		i, err := subject(in, member(name, with, k), kinds)
		if err != nil {
			return nil, err
		}
		if slices.Contains(all[:k], i) {
			return nil, fmt.Errorf("field %q: %w: it is listed twice", in[i].Name, source.ErrShape)
		}
		all[k] = i
	}
	return all, nil
}

// member is the name of the k-th field of those that change together.
func member(name string, with []string, k int) string {
	if k == 0 {
		return name
	}
	return with[k-1]
}

// axisOf finds an axis that may be counted from the end. Errors: source.ErrShape.
func axisOf(f source.Field, axis int) (int, error) {
	rank := len(f.Shape)
	if axis < -rank || axis >= rank {
		return 0, fmt.Errorf("field %q: %w %s: there is no axis %d", f.Name, source.ErrShape, source.Tuple(f.Shape), axis)
	}
	return fromFirst(f, axis), nil
}

// fromFirst counts an axis from the first one.
func fromFirst(f source.Field, axis int) int {
	if axis < 0 {
		return axis + len(f.Shape)
	}
	return axis
}

// axesOf finds axes, each of which may be listed once. Errors: source.ErrShape.
func axesOf(f source.Field, axes []int) ([]int, error) {
	found := make([]int, 0, len(axes))
	for _, axis := range axes {
		k, err := axisOf(f, axis)
		if err != nil {
			return nil, err
		}
		if slices.Contains(found, k) {
			return nil, fmt.Errorf("field %q: %w: axis %d is listed twice", f.Name, source.ErrShape, axis)
		}
		found = append(found, k)
	}
	return found, nil
}

// fieldOf describes a field that Fields has found before.
func fieldOf(r *data.Row, name string) source.Field {
	i, _ := source.Find(r.Fields(), name)
	return r.Fields()[i]
}

// last lists the n last axes as numbers from the end: -n … -1.
func last(n int) []int {
	axes := make([]int, n)
	for k := range axes {
		axes[k] = k - n
	}
	return axes
}

// changed is in with another shape and kind of field i.
func changed(in []source.Field, i int, kind source.Kind, shape []int) []source.Field {
	out := slices.Clone(in)
	out[i].Kind, out[i].Shape = kind, shape
	return out
}

// wrap names the transform in an error.
func wrap(transform string, err error) error { return fmt.Errorf("augment: %s: %w", transform, err) }
