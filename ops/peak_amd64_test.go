//go:build amd64 && !noasm

package ops

import (
	"sync"
	"time"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// peakRate is the most floating-point operations a second that one core can do,
// or 0 where this build cannot tell.
var peakRate = sync.OnceValue(func() float64 {
	if detectISA() < AVX512 {
		return 0
	}
	const rounds = 1 << 16 // about 0.1 ms
	best := time.Hour
	for range 100 {
		start := time.Now()
		avx512.Peak(rounds)
		best = min(best, time.Since(start))
	}
	return avx512.PeakFLOPs * rounds / best.Seconds()
})
