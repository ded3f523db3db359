//go:build amd64 && !noasm

package avx2_test

import (
	"fmt"
	"testing"
	"time"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
)

// share calls the kernel and reports the rate of the fastest call, of so many
// operations, and the share of what the core can do at most: the fastest, since a
// call is so short that few are interrupted.
func share(b *testing.B, operations int, kernel func()) {
	b.Helper()
	best, peak := time.Hour, time.Hour
	for b.Loop() {
		start := time.Now()
		kernel()
		best = min(best, time.Since(start))
	}
	const rounds = 1 << 13
	for range 1000 {
		start := time.Now()
		avx2.Peak(rounds)
		peak = min(peak, time.Since(start))
	}
	rate := float64(operations) / best.Seconds()
	b.ReportMetric(rate/1e9, "GFLOP/s")
	b.ReportMetric(100*rate*peak.Seconds()/(avx2.PeakFLOPs*rounds), "%peak")
}

func BenchmarkPeak(b *testing.B) {
	needAVX2(b)
	const rounds = 1 << 13
	share(b, avx2.PeakFLOPs*rounds, func() { avx2.Peak(rounds) })
}

// The widest tiles of each number of rows on a convolution of 8 channels with 5x5
// taps over 25 rows of 29.
func BenchmarkBrgemm(b *testing.B) {
	needAVX2(b)
	const taps, depth, pitch, size, cols = 25, 8, 29, 29 * 30, 15 * avx2.Lanes * 7
	var places [taps]avx2.Tap
	for i := range places {
		places[i] = avx2.Tap{A: i, B: i/5*pitch + i%5}
	}
	src, weights, dst := make([]float32, depth*size+cols), make([]float32, taps*depth*avx2.MaxRows), make([]float32, avx2.MaxRows*cols)
	for rows := 1; rows <= avx2.MaxRows; rows++ {
		vectors := avx2.BrgemmVectors[rows]
		tiles := 60 / vectors
		for _, lanesOfLast := range []int{avx2.Lanes, 3} {
			b.Run(fmt.Sprintf("%dx%d/last_%d", rows, vectors, lanesOfLast), func(b *testing.B) {
				share(b, 2*rows*vectors*avx2.Lanes*tiles*taps*depth, func() {
					avx2.Brgemm(rows, vectors, &avx2.BrgemmArgs{
						A: unsafe.Pointer(&weights[0]), B: unsafe.Pointer(&src[0]), C: unsafe.Pointer(&dst[0]),
						Planes: unsafe.Pointer(&avx2.Tap{}), PlaneCount: 1, Taps: unsafe.Pointer(&places[0]), TapCount: taps, K: depth, AStride: 4 * depth * rows, BStride: 4 * size, CStride: 4 * cols, Tiles: tiles, Mask: lanes(lanesOfLast),
					})
				})
			})
		}
	}
}

// The weight gradient of the same convolution.
func BenchmarkDot(b *testing.B) {
	needAVX2(b)
	const taps, pitch, length = 120, 29, 24*29 + 25
	var off [taps]int
	for i := range off {
		off[i] = i/5%5*pitch + i%5
	}
	src, diff, sums := make([]float32, 5*pitch+length+8), make([]float32, avx2.MaxDotRows*length), make([]float32, avx2.MaxDotRows*taps)
	for rows := 1; rows <= avx2.MaxDotRows; rows++ {
		tile := avx2.DotOffsets[rows]
		b.Run(fmt.Sprintf("%dx%d", rows, tile), func(b *testing.B) {
			share(b, 2*rows*taps*length, func() {
				avx2.Dot(rows, &avx2.DotArgs{
					A: unsafe.Pointer(&diff[0]), B: unsafe.Pointer(&src[0]), Off: unsafe.Pointer(&off[0]), Tiles: taps / tile,
					Runs: 1, AStride: 4 * length,
					Full: length / avx2.Lanes, Mask: lanes(length % avx2.Lanes),
					Sums: unsafe.Pointer(&sums[0]), SumStride: 4 * taps, LastMask: lanes(tile),
				})
			})
		})
	}
}
