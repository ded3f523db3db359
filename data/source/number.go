package source

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

// Float32s converts rows as Columns holds them to float32, len(dst) elements:
// float64 and integers of more than 24 bits are rounded to the nearest float32,
// and what is too large for it becomes an infinity. src must hold as many
// elements. It panics for Bytes.
func Float32s(dst []float32, src []byte, kind Kind) {
	switch kind {
	case Float32:
		copy(dst, view[float32](src, len(dst)))
	case Float64:
		convert(dst, view[float64](src, len(dst)))
	case Float16:
		for i, h := range view[uint16](src, len(dst)) {
			dst[i] = half(h)
		}
	case BFloat16:
		for i, b := range view[uint16](src, len(dst)) {
			dst[i] = math.Float32frombits(uint32(b) << 16)
		}
	case Uint64:
		convert(dst, view[uint64](src, len(dst)))
	default:
		if !convertIntegers(dst, src, kind) {
			panic("source: Float32s of " + kind.String())
		}
	}
}

// Int64s converts rows as Columns holds them to int64. A number that is no
// integer, or not one of 64 signed bits, is an error that gives its place among
// the elements. Errors: ErrRange. It panics for Bytes.
func Int64s(dst []int64, src []byte, kind Kind) error {
	if convertIntegers(dst, src, kind) {
		return nil
	}
	switch kind {
	case Uint64:
		for i, v := range view[uint64](src, len(dst)) {
			if v > math.MaxInt64 {
				return fmt.Errorf("%w: element %d is %d, more than an int64 holds", ErrRange, i, v)
			}
			dst[i] = int64(v)
		}
	case Float64:
		return integers(dst, func(i int) float64 { return view[float64](src, len(dst))[i] })
	case Float32:
		return integers(dst, func(i int) float64 { return float64(view[float32](src, len(dst))[i]) })
	default: // float16 and bfloat16; panics for Bytes
		return integers(dst, func(i int) float64 {
			var real [1]float32
			Float32s(real[:], src[i*kind.Size():], kind)
			return float64(real[0])
		})
	}
	return nil
}

// integers takes over reals that are integers.
func integers(dst []int64, at func(i int) float64) error {
	for i := range dst {
		v := at(i)
		if v != math.Trunc(v) || v < -1<<63 || v >= 1<<63 { // NaN differs from itself
			return fmt.Errorf("%w: element %d is %g, not an integer of 64 bits", ErrRange, i, v)
		}
		dst[i] = int64(v)
	}
	return nil
}

// convertIntegers converts elements of the kinds of integers that an int64 holds,
// and says whether kind is one.
func convertIntegers[D Number](dst []D, src []byte, kind Kind) bool {
	switch kind {
	case Int8:
		convert(dst, view[int8](src, len(dst)))
	case Int16:
		convert(dst, view[int16](src, len(dst)))
	case Int32:
		convert(dst, view[int32](src, len(dst)))
	case Int64:
		convert(dst, view[int64](src, len(dst)))
	case Uint8:
		convert(dst, view[uint8](src, len(dst)))
	case Uint16:
		convert(dst, view[uint16](src, len(dst)))
	case Uint32:
		convert(dst, view[uint32](src, len(dst)))
	default:
		return false
	}
	return true
}

// Number is an element of a slice that is seen as bytes.
type Number interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

func convert[D, S Number](dst []D, src []S) {
	for i, v := range src {
		dst[i] = D(v)
	}
}

// view sees memory of Columns, which is aligned, as n elements.
func view[T Number](b []byte, n int) []T {
	var zero T
	if len(b) < n*int(unsafe.Sizeof(zero)) {
		panic(fmt.Sprintf("source: %d bytes do not hold %d elements of %d", len(b), n, unsafe.Sizeof(zero)))
	}
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// BytesOf sees elements as the memory they are, in the byte order of the machine.
func BytesOf[T Number](x []T) []byte {
	var zero T
	if len(x) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(zero)))
}

// Float32View sees memory of Columns that holds float32 as what it is.
func Float32View(b []byte) []float32 { return view[float32](b, len(b)/4) }

// half is a float16 as float32 (IEEE 754, 3.6); every one of them is exact.
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0: // zero and subnormals: fraction · 2^-24
		f := float32(fraction) * 0x1p-24
		return math.Float32frombits(math.Float32bits(f) | sign)
	case 31:
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// LittleEndian says whether the machine stores the low byte first, as nearly all
// files do.
var LittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// SwapBytes reverses the bytes of each element of size bytes, in place.
func SwapBytes(b []byte, size int) {
	switch size {
	case 2:
		for ; len(b) >= 2; b = b[2:] {
			b[0], b[1] = b[1], b[0]
		}
	case 4:
		for ; len(b) >= 4; b = b[4:] {
			binary.LittleEndian.PutUint32(b, binary.BigEndian.Uint32(b))
		}
	case 8:
		for ; len(b) >= 8; b = b[8:] {
			binary.LittleEndian.PutUint64(b, binary.BigEndian.Uint64(b))
		}
	}
}
