//go:build amd64 && !noasm

package main

import (
	"github.com/klauspost/cpuid/v2"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// spin keeps a core's multipliers as busy as they can be for about 25 µs (assembly is
// not preempted) and returns the floating-point operations done, 0 where this build
// cannot tell what the core can do.
func spin() float64 {
	if !cpuid.CPU.Supports(cpuid.AVX512F) {
		return 0
	}
	const rounds = 1 << 14
	avx512.Peak(rounds)
	return avx512.PeakFLOPs * rounds
}
