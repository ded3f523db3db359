package data

import (
	"fmt"
	"math"
	"slices"
)

// Field is a named quantity that every row has, such as the energies in the
// cells of a calorimeter.
type Field struct {
	Name  string
	Shape []int // of one row; empty for a single number
}

// Size is the number of elements of one row: the product of Shape.
func (f Field) Size() int {
	n := 1
	for _, d := range f.Shape {
		n *= d
	}
	return n
}

// Source gives the rows of its fields as float32. It is implemented by Memory
// and OpenHDF5Source; ReadRows may be called by several goroutines at once.
type Source interface {
	// Rows is the number of rows, the same for every field.
	Rows() int
	// Fields lists the fields.
	Fields() []Field
	// ReadRows fills dst, whose length is count times the field's Size, with
	// the rows first … first+count-1.
	ReadRows(field string, dst []float32, first, count int) error
	// Close releases what the source holds open.
	Close() error
}

// locator is a source that can say where a row comes from.
type locator interface {
	locate(field string, row int) string
}

// where names a row for a message.
func where(src Source, field string, row int) string {
	if l, ok := src.(locator); ok {
		return l.locate(field, row)
	}
	return fmt.Sprintf("field %q, row %d", field, row)
}

func findField(fields []Field, name string) (Field, error) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, fmt.Errorf("data: %w: no field %q; there are %s", ErrMissing, name, fieldNames(fields))
	}
	return fields[i], nil
}

func fieldNames(fields []Field) string {
	s := ""
	for i, f := range fields {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%q", f.Name)
	}
	return s
}

// checkFields finds fields that cannot be stored or told apart.
func checkFields(fields []Field) error {
	if len(fields) == 0 {
		return fmt.Errorf("data: %w: no fields", ErrShape)
	}
	for i, f := range fields {
		if slices.ContainsFunc(fields[:i], func(g Field) bool { return g.Name == f.Name }) {
			return fmt.Errorf("data: %w: two fields are called %q", ErrShape, f.Name)
		}
		if f.Name == "" {
			return fmt.Errorf("data: %w: field %d has no name", ErrShape, i)
		}
		if _, err := product(f.Shape); err != nil {
			return fmt.Errorf("data: field %q: %w", f.Name, err)
		}
	}
	return nil
}

// product multiplies the axes of a row; every one must be positive, and the
// whole must fit in memory as float32.
func product(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 1 {
			return 0, fmt.Errorf("%w %v: every axis must be at least 1", ErrShape, shape)
		}
		if n > math.MaxInt/4/d {
			return 0, fmt.Errorf("%w %v: more elements than can be addressed", ErrShape, shape)
		}
		n *= d
	}
	return n, nil
}

// checkRead guards every ReadRows of this package.
func checkRead(rows, size, length, first, count int) error {
	if first < 0 || count < 0 || first > rows || count > rows-first {
		return fmt.Errorf("%w: there are %d rows", ErrRange, rows)
	}
	// Division, because count·size may overflow.
	if length/size != count || length%size != 0 {
		return fmt.Errorf("%w: the destination holds %d elements; %d rows of %d need %d", ErrRange, length, count, size, count*size)
	}
	return nil
}
