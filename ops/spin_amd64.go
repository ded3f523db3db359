//go:build amd64 && !noasm

package ops

import (
	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// spin keeps a core's multipliers as busy as they can be for some 25 µs (assembly is
// not preempted), with the current instruction set, and returns the floating-point
// operations done, 0 where there is no kernel to tell.
func spin() float64 {
	const rounds = 1 << 14
	switch CurrentISA() {
	case AVX512:
		avx512.Peak(rounds)
		return avx512.PeakFLOPs * rounds
	case AVX2:
		avx2.Peak(rounds)
		return avx2.PeakFLOPs * rounds
	}
	return 0
}
