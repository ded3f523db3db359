package ops

import "unsafe"

// Align is the alignment, in bytes, of every tensor, scratch area and planned
// buffer: one cache line, one AVX-512 vector.
const Align = 64

const alignFloats = Align / 4

// hugeAlloc is the size in bytes from which on huge pages are worth the part of one that
// is lost before them.
const hugeAlloc = 4 * hugePage

// Alloc returns a zeroed slice of n float32 that starts on a 64-byte boundary. It is of
// Go's heap. For a large one the system is asked for huge pages.
func Alloc(n int) []float32 {
	if n == 0 {
		return []float32{}
	}
	align := Align
	if n*4 >= hugeAlloc {
		align = hugePage
	}
	raw := make([]float32, n+align/4)
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(raw)))%uintptr(align)) / 4
	x := raw[skip : skip+n : skip+n]
	if align == hugePage {
		// Without them all works as well, so it does not matter whether they are given.
		_ = askForHugePages(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), n*4/hugePage*hugePage))
	}
	return x
}

// RoundUp is the smallest number of float32 not below n that fills whole cache
// lines, so that what follows is aligned again.
func RoundUp(n int) int { return (n + alignFloats - 1) / alignFloats * alignFloats }
