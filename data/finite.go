package data

import (
	"fmt"
	"math"
	"slices"

	"github.com/cascade-hpc/cascade/data/source"
)

// firstNotFinite returns the index of the first NaN or infinity, or -1.
func firstNotFinite(x []float32) int {
	const block = 512
	for at := 0; at < len(x); at += block {
		part := x[at:min(at+block, len(x))]
		if allFinite(part) {
			continue
		}
		for i, v := range part {
			if math.Float32bits(v)&exponent == exponent {
				return at + i
			}
		}
	}
	return -1
}

// firstNotFiniteStored is firstNotFinite for elements of the other kinds of
// floating-point numbers as they are stored; -1 for any other kind.
func firstNotFiniteStored(b []byte, kind source.Kind) int {
	switch kind {
	case source.Float64:
		return firstMasked(elementsOf[uint64](b), 0x7ff<<52)
	case source.Float16:
		return firstMasked(elementsOf[uint16](b), 0x1f<<10)
	case source.BFloat16:
		return firstMasked(elementsOf[uint16](b), exponent>>16)
	}
	return -1
}

// firstMasked is the index of the first element that has all bits of the mask.
func firstMasked[T uint16 | uint64](x []T, mask T) int {
	return slices.IndexFunc(x, func(v T) bool { return v&mask == mask })
}

// exponent is all ones in NaN and infinities only (IEEE 754, 3.4).
const exponent = 0x7f800000

// allFinite sums 0·x, which is NaN where x is not finite and 0 elsewhere, in
// four chains that overlap.
func allFinite(x []float32) bool {
	var a, b, c, d float32
	for ; len(x) >= 4; x = x[4:] {
		a += 0 * x[0]
		b += 0 * x[1]
		c += 0 * x[2]
		d += 0 * x[3]
	}
	for _, v := range x {
		a += 0 * v
	}
	return a+b+c+d == 0
}

func notFiniteError(row string, f source.Field, i int, v float32) error {
	if len(f.Shape) == 0 {
		return fmt.Errorf("data: %s: %w: %g", row, source.ErrNotFinite, v)
	}
	return fmt.Errorf("data: %s: %w: element %v is %g", row, source.ErrNotFinite, unravel(i, f.Shape), v)
}

// unravel turns a flat index into one for each axis of shape.
func unravel(i int, shape []int) []int {
	index := make([]int, len(shape))
	for k := len(shape) - 1; k >= 0; k-- {
		index[k] = i % shape[k]
		i /= shape[k]
	}
	return index
}
