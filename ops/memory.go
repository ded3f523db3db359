package ops

import "unsafe"

// Align is the alignment, in bytes, of every tensor, scratch area and planned
// buffer: one cache line, one AVX-512 vector.
const Align = 64

const alignFloats = Align / 4

// Alloc returns a zeroed slice of n float32 that starts on a 64-byte boundary.
func Alloc(n int) []float32 {
	if n == 0 {
		return []float32{}
	}
	raw := make([]float32, n+alignFloats)
	skip := 0
	if rest := uintptr(unsafe.Pointer(unsafe.SliceData(raw))) % Align; rest != 0 {
		skip = int(Align-rest) / 4
	}
	return raw[skip : skip+n : skip+n]
}

// RoundUp is the smallest number of float32 not below n that fills whole cache
// lines, so that what follows is aligned again.
func RoundUp(n int) int { return (n + alignFloats - 1) / alignFloats * alignFloats }
