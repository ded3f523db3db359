package dist

import (
	"math"
	"unsafe"
)

// Number is what ranks exchange.
type Number interface {
	float32 | float64 | int64 | BFloat16
}

// BFloat16 is the upper half of a float32: its exponent, and 8 bits of precision. It
// halves what has to be sent, see package doc.
type BFloat16 uint16

// ToBFloat16 rounds to the nearest BFloat16, to the even one of two equally near. Numbers
// beyond the largest become infinite, and NaN stays NaN.
func ToBFloat16(x float32) BFloat16 {
	b := math.Float32bits(x)
	if x != x {
		return BFloat16(b>>16 | 1<<6) // a NaN whose payload was in the lower half must not become infinite
	}
	return BFloat16((b + 0x7fff + b>>16&1) >> 16)
}

// Float32 is the same number.
func (x BFloat16) Float32() float32 { return math.Float32frombits(uint32(x) << 16) }

// Op combines the numbers of ranks, element by element.
type Op uint8

const (
	Sum Op = iota + 1
	Max    // not for NaN: which of the numbers it then is depends on the backend
	Min
)

func (o Op) String() string {
	switch o {
	case Sum:
		return "sum"
	case Max:
		return "max"
	case Min:
		return "min"
	}
	return "no operation"
}

// kind is the type of the elements of a vector.
type kind uint8

const (
	float32s kind = iota + 1
	float64s
	int64s
	bfloat16s
	bytes // moved, never combined
)

var kinds = [...]struct {
	name string
	size int
}{
	float32s:  {"float32", 4},
	float64s:  {"float64", 8},
	int64s:    {"int64", 8},
	bfloat16s: {"bfloat16", 2},
	bytes:     {"byte", 1},
}

func (k kind) size() int      { return kinds[k].size }
func (k kind) String() string { return kinds[k].name }

// vector is a slice of any kind.
type vector struct {
	p    unsafe.Pointer // nil if n is 0
	n    int
	kind kind
}

func vectorOf[T Number](x []T) vector {
	v := vector{n: len(x)}
	if v.n > 0 {
		v.p = unsafe.Pointer(unsafe.SliceData(x))
	}
	switch any(x).(type) {
	case []float32:
		v.kind = float32s
	case []float64:
		v.kind = float64s
	case []int64:
		v.kind = int64s
	case []BFloat16:
		v.kind = bfloat16s
	}
	return v
}

// slice is the opposite of vectorOf.
func slice[T Number | byte](v vector) []T { return unsafe.Slice((*T)(v.p), v.n) }

// bytes is the memory of the vector.
func (v vector) bytes() []byte { return unsafe.Slice((*byte)(v.p), v.n*v.kind.size()) }

// asBytes is the same memory, to be moved.
func (v vector) asBytes() vector { return vector{v.p, v.n * v.kind.size(), bytes} }

// part is elements from a to b.
func (v vector) part(a, b int) vector {
	if a == b {
		return vector{kind: v.kind}
	}
	return vector{unsafe.Add(v.p, a*v.kind.size()), b - a, v.kind}
}

// share is where the share of one of so many ranks begins: on a cache line of the vector,
// so that no two ranks write to one.
func (v vector) share(rank, ranks int) int {
	line := 64 / v.kind.size()
	lines := (v.n + line - 1) / line
	return min(v.n, lines*rank/ranks*line)
}
