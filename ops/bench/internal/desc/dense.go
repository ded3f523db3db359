package desc

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/cascade-hpc/cascade/ops"
)

// positions is the number of spatial positions of a problem without windows.
func (f fields) positions() (int, error) {
	size, err := f.sizes()
	if err != nil {
		return 0, err
	}
	return product(size[:]...)
}

// sizes are those of the spatial axes of a problem without windows, 1 where it has no
// such axis.
func (f fields) sizes() (size [3]int, err error) {
	var given [3]bool
	for i, name := range []string{"id", "ih", "iw"} {
		size[i] = f[name]
		given[i] = size[i] != 0
	}
	if given == [3]bool{} {
		return [3]int{1, 1, 1}, nil
	}
	return promote(size, given, 1)
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
	return ops.BatchNormDesc{N: w.ints.batch(mb), C: w.ints["ic"], Spatial: x, Eps: w.real("eps", 1./16)}, w.name, nil
}

// LRN reads mbXicXidXihXiwXlsXalphaYbetaYkYnS; ls is 5, alpha 1/8192, beta 0.75 and k 1
// unless given. Windows within channels of a volume, which has id, are volumes.
func LRN(text string, kind ops.LRNKind, mb int) (d ops.LRNDesc, name string, err error) {
	w, err := split(text, "mb", "ic", "id", "ih", "iw", "ls", "alpha", "beta", "k")
	if err != nil {
		return d, "", err
	}
	size, err := w.ints.sizes()
	if err != nil {
		return d, "", fmt.Errorf("%q: %w", text, err)
	}
	d = ops.LRNDesc{
		Kind: kind, N: w.ints.batch(mb), C: w.ints["ic"], In: size, Size: w.ints.get("ls", 5),
		Volume: kind == ops.WithinChannel && w.ints["id"] != 0,
		Alpha:  w.real("alpha", 1./8192), Beta: w.real("beta", 0.75), K: w.real("k", 1),
	}
	if err := d.Validate(); err != nil {
		return d, "", fmt.Errorf("%q: %w", text, err)
	}
	return d, w.name, nil
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
