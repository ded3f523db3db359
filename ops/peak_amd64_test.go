//go:build amd64 && !noasm

package ops

import (
	"time"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// peaks are the most floating-point operations a second that one core can do, for
// each instruction set that has been asked for.
var peaks = map[ISA]float64{}

// peakRate is that of the current instruction set, or 0 where there is no kernel to
// tell.
func peakRate() float64 {
	isa := CurrentISA()
	if _, ok := peaks[isa]; !ok {
		switch isa {
		case AVX512:
			peaks[isa] = measurePeak(avx512.Peak, avx512.PeakFLOPs)
		case AVX2:
			peaks[isa] = measurePeak(avx2.Peak, avx2.PeakFLOPs)
		}
	}
	return peaks[isa]
}

// measurePeak takes the best of many rounds, since other programs run too.
func measurePeak(peak func(rounds int), operations float64) float64 {
	const rounds = 1 << 16 // about 0.1 ms
	best := time.Hour
	for range 100 {
		start := time.Now()
		peak(rounds)
		best = min(best, time.Since(start))
	}
	return operations * rounds / best.Seconds()
}
