package source

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Field is a named quantity that every row has, such as the energies in the
// cells of a calorimeter.
type Field struct {
	Name  string
	Shape []int // of one row; empty for a single number, and for Bytes
	Kind  Kind  // as stored
}

// Size is the number of elements of one row: the product of Shape; 0 for Bytes.
func (f Field) Size() int {
	if f.Kind == Bytes {
		return 0
	}
	n := 1
	for _, d := range f.Shape {
		n *= d
	}
	return n
}

// RowBytes is the number of bytes of one row as stored, 0 for Bytes.
func (f Field) RowBytes() int { return f.Size() * f.Kind.Size() }

// String writes a field as "ECAL float32 (25, 25, 25)".
func (f Field) String() string {
	if len(f.Shape) == 0 {
		return f.Name + " " + f.Kind.String()
	}
	return f.Name + " " + f.Kind.String() + " " + Tuple(f.Shape)
}

// Equal says that two fields have the same name, shape and kind.
func (f Field) Equal(g Field) bool {
	return f.Name == g.Name && f.Kind == g.Kind && slices.Equal(f.Shape, g.Shape)
}

// Tuple writes a shape as Python does.
func Tuple(shape []int) string {
	s := strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", ", "), "[]")
	if len(shape) == 1 {
		s += ","
	}
	return "(" + s + ")"
}

// Find returns the index of the field of a name. Errors: ErrMissing, with the
// names there are.
func Find(fields []Field, name string) (int, error) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if i >= 0 {
		return i, nil
	}
	names := make([]string, len(fields))
	for k, f := range fields {
		names[k] = fmt.Sprintf("%q", f.Name)
	}
	return -1, fmt.Errorf("%w: no field %q; there are %s", ErrMissing, name, strings.Join(names, ", "))
}

// CheckFields finds fields that cannot be stored or told apart. Errors: ErrShape,
// ErrType.
func CheckFields(fields []Field) error {
	if len(fields) == 0 {
		return fmt.Errorf("%w: no fields", ErrShape)
	}
	for i, f := range fields {
		if slices.ContainsFunc(fields[:i], func(g Field) bool { return g.Name == f.Name }) {
			return fmt.Errorf("%w: two fields are called %q", ErrShape, f.Name)
		}
		if f.Name == "" {
			return fmt.Errorf("%w: field %d has no name", ErrShape, i)
		}
		if int(f.Kind) >= len(kinds) {
			return fmt.Errorf("field %q: %w %s", f.Name, ErrType, f.Kind)
		}
		if f.Kind == Bytes && len(f.Shape) > 0 {
			return fmt.Errorf("field %q: %w %s: rows of bytes have none", f.Name, ErrShape, Tuple(f.Shape))
		}
		if _, err := Product(f.Shape); err != nil {
			return fmt.Errorf("field %q: %w", f.Name, err)
		}
	}
	return nil
}

// Product multiplies the axes of a row. Every one must be positive, and the
// whole must be addressable in elements of eight bytes. Errors: ErrShape.
func Product(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 1 {
			return 0, fmt.Errorf("%w %v: every axis must be at least 1", ErrShape, shape)
		}
		if n > math.MaxInt/8/d {
			return 0, fmt.Errorf("%w %v: more elements than can be addressed", ErrShape, shape)
		}
		n *= d
	}
	return n, nil
}
