package safetensors

import "errors"

// The reasons for which a file or a request is refused, for use with errors.Is.
var (
	// ErrFormat: the bytes are not a safetensors file, or not a whole one.
	ErrFormat = errors.New("not a valid safetensors file")
	// ErrMissing: the file has no tensor of that name.
	ErrMissing = errors.New("no such tensor")
	// ErrType: the elements are not of the Go type asked for.
	ErrType = errors.New("wrong element type")
	// ErrShape: a shape does not fit the data, or the slice to read into.
	ErrShape = errors.New("wrong shape")
	// ErrName: a name cannot be written.
	ErrName = errors.New("unusable name")
)

// DType is the type of a tensor's elements, as it stands in the file.
type DType string

// The dtypes of [Element]. A file may hold tensors of others, which can be
// listed but not read.
const (
	F32 DType = "F32"
	F64 DType = "F64"
	I64 DType = "I64"
	U64 DType = "U64"
	U8  DType = "U8"
)

// sizes holds the bytes of an element for every dtype of the format that fills
// whole bytes.
var sizes = map[DType]int64{
	"BOOL": 1, "I8": 1, U8: 1, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1,
	"I16": 2, "U16": 2, "F16": 2, "BF16": 2,
	"I32": 4, "U32": 4, F32: 4,
	I64: 8, U64: 8, F64: 8, "C64": 8,
}

// Element is a Go type of elements that can be read and written.
type Element interface {
	float32 | float64 | int64 | uint64 | uint8
}

func dtypeOf[T Element]() DType {
	var zero T
	switch any(zero).(type) {
	case float32:
		return F32
	case float64:
		return F64
	case int64:
		return I64
	case uint64:
		return U64
	default:
		return U8
	}
}
