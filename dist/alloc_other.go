//go:build !unix

package dist

import "unsafe"

// reserve is Go's heap where there is no MPI to send from it.
func reserve(n int) ([]byte, error) {
	words := make([]uint64, (n+7)/8)
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), n), nil
}
