package desc

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
)

// positions is the number of spatial positions of a problem without windows, 1
// where it has no spatial axis.
func (f fields) positions() (int, error) {
	var size [3]int
	var given [3]bool
	for i, name := range []string{"id", "ih", "iw"} {
		size[i] = f[name]
		given[i] = size[i] != 0
	}
	if given == [3]bool{} {
		return 1, nil
	}
	size, err := promote(size, given, 1)
	if err != nil {
		return 0, err
	}
	return product(size[:]...)
}

// product refuses what would overflow.
func product(sizes ...int) (int, error) {
	p := 1
	for _, s := range sizes {
		if s > 0 && p > math.MaxInt/s {
			return 0, fmt.Errorf("the product of the sizes %v does not fit an int", sizes)
		}
		p *= s
	}
	return p, nil
}

// InnerProduct reads mbXicXidXihXiwXocXnS: the spatial axes of src are part of its
// vector.
func InnerProduct(text string, mb int) (d ops.InnerProductDesc, name string, err error) {
	w, err := split(text, "mb", "ic", "id", "ih", "iw", "oc")
	if err != nil {
		return d, "", err
	}
	x, err := w.ints.positions()
	if err == nil {
		x, err = product(x, w.ints["ic"])
	}
	if err != nil {
		return d, "", fmt.Errorf("%q: %w", text, err)
	}
	d = ops.InnerProductDesc{N: w.ints.batch(mb), IC: x, OC: w.ints["oc"]}
	if err := d.Validate(); err != nil {
		return d, "", fmt.Errorf("%q: %w", text, err)
	}
	return d, w.name, nil
}

// BatchNorm reads mbXicXidXihXiwXepsYnS; eps is 1/16 unless given.
func BatchNorm(text string, mb int) (d ops.BatchNormDesc, name string, err error) {
	w, err := split(text, "mb", "ic", "id", "ih", "iw", "eps")
	if err != nil {
		return d, "", err
	}
	x, err := w.ints.positions()
	if err != nil {
		return d, "", fmt.Errorf("%q: %w", text, err)
	}
	if w.ints["ic"] == 0 {
		return d, "", fmt.Errorf("%q: ic is needed", text)
	}
	if w.eps == 0 {
		w.eps = 1. / 16
	}
	return ops.BatchNormDesc{N: w.ints.batch(mb), C: w.ints["ic"], Spatial: x, Eps: float32(w.eps)}, w.name, nil
}

// Dims reads NxCxDxHxW, of which the last axes may be missing, and a name after it:
// 16x64n"mlp". A batch mb above 0 takes the place of the first.
func Dims(text string, mb int) (shape []int, name string, err error) {
	sizes, name, _ := strings.Cut(text, "n")
	for _, s := range strings.Split(strings.TrimSuffix(sizes, "_"), "x") {
		v, err := strconv.ParseUint(s, 10, 31)
		if err != nil {
			return nil, "", fmt.Errorf("%q: %q is no size: whole numbers with x between them are needed", text, s)
		}
		shape = append(shape, int(v))
	}
	if mb > 0 {
		shape[0] = mb
	}
	return shape, unquote(name), nil
}
