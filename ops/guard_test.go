//go:build !linux

package ops

import "testing"

// fence returns memory of n float32, twice. On Linux it lies beside pages that must
// not be touched.
func fence(_ *testing.T, n int) [2][]float32 {
	return [2][]float32{make([]float32, n), make([]float32, n)}
}
