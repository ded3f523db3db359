//go:build amd64 && !noasm

package avx512_test

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx512"
	"github.com/klauspost/cpuid/v2"
	"github.com/stretchr/testify/assert"
)

func TestNoSuchOperation(t *testing.T) {
	assert.PanicsWithValue(t, "avx512: Elementwise: no such operation", func() { avx512.Elementwise(-1, nil) })
	assert.PanicsWithValue(t, "avx512: Reduce: no such operation", func() { avx512.Reduce(-1, nil) })
	assert.PanicsWithValue(t, "avx512: WindowAverages: no such stride", func() { avx512.WindowAverages(0, nil) })
}

// A range from the middle of two tensors. What every operation computes is tested
// in package ops.
func ExampleElementwise() {
	if !cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512BW, cpuid.AVX512DQ, cpuid.AVX512VL) {
		fmt.Println([]float32{0, 12, 23, 34, 0})
		return
	}
	a, b, sum := []float32{1, 2, 3, 4, 5}, []float32{0, 10, 20, 30, 40}, make([]float32, 5)
	args := avx512.ElementwiseArgs{First: 1, N: 3, Runs: 1}
	args.In[0], args.In[1], args.Out[0] = unsafe.Pointer(&a[0]), unsafe.Pointer(&b[0]), unsafe.Pointer(&sum[0])
	avx512.Elementwise(avx512.Add, &args)
	fmt.Println(sum)
	// Output: [0 12 23 34 0]
}
