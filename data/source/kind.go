package source

import "fmt"

// Kind is the type of the elements of a field.
type Kind uint8

// The kinds. The zero Kind is Float32.
const (
	Float32 Kind = iota
	Float64
	Float16  // IEEE 754 binary16
	BFloat16 // the upper half of a float32
	Int8
	Int16
	Int32
	Int64
	Uint8
	Uint16
	Uint32
	Uint64
	// Bytes is a string of bytes of any length, another one in each row: text, or
	// a compressed image. Its field has no shape.
	Bytes
)

var kinds = [...]struct {
	name string
	size int
}{
	{"float32", 4},
	{"float64", 8},
	{"float16", 2},
	{"bfloat16", 2},
	{"int8", 1},
	{"int16", 2},
	{"int32", 4},
	{"int64", 8},
	{"uint8", 1},
	{"uint16", 2},
	{"uint32", 4},
	{"uint64", 8},
	{"bytes", 0},
}

// Size is the number of bytes of an element, 0 for Bytes.
func (k Kind) Size() int { return kinds[k].size }

// String is NumPy's name of the type.
func (k Kind) String() string {
	if int(k) >= len(kinds) {
		return fmt.Sprintf("kind %d", uint8(k))
	}
	return kinds[k].name
}

// ParseKind finds the kind of a name that String gives. Errors: ErrType.
func ParseKind(name string) (Kind, error) {
	for k, kind := range kinds {
		if kind.name == name {
			return Kind(k), nil
		}
	}
	return 0, fmt.Errorf("%w %q", ErrType, name)
}
