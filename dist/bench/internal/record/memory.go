package record

import (
	"time"

	"github.com/klauspost/cpuid/v2"

	"github.com/cascade-hpc/cascade/ops"
)

// machine is what the steps ran on.
func machine() (threads int, processor string) {
	return ops.Default().Workers(), cpuid.CPU.BrandName
}

// measureMemory times what a bucket's gradients go through beside the messages, on one
// core, as a reduction does it: bucket.reduce of nn/train, and the sum in a collective.
func measureMemory() Memory {
	const n = 4 << 20 // float32s: more than the nearer caches hold
	x, y := make([]float32, n), make([]float32, n)
	perByte := func(work func()) float64 {
		times := make([]float64, 9)
		for i := range times {
			begin := time.Now()
			work()
			times[i] = time.Since(begin).Seconds() / (4 * n)
		}
		return Median(times)
	}
	return Memory{
		Copy:  perByte(func() { copy(y, x) }),
		Scale: perByte(func() { ops.Scale(y, x, 0.5) }),
		Add:   perByte(func() { ops.Mix(y, x, 1, 1) }),
	}
}
