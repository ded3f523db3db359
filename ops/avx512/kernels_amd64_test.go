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

func needAVX512(t testing.TB) {
	t.Helper()
	if !cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512BW, cpuid.AVX512DQ, cpuid.AVX512VL) {
		t.Skip("no AVX-512 on this processor")
	}
}

// Two neighbouring tiles of every shape: row i of A is i+1 and B counts up, so
// C[i][j] = (i+1)·j. What matters beyond shapes is tested in package ops.
func TestEveryTile(t *testing.T) {
	needAVX512(t)
	for rows := 1; rows <= avx512.MaxRows; rows++ {
		for vectors := 1; vectors <= avx512.BrgemmVectors[rows]; vectors++ {
			t.Run(fmt.Sprintf("%dx%d", rows, vectors), func(t *testing.T) {
				cols := 2 * vectors * avx512.Lanes
				a, b, c := make([]float32, rows), make([]float32, cols), make([]float32, rows*cols)
				want := make([]float32, rows*cols)
				for i := range a {
					a[i] = float32(i + 1)
					for j := range b {
						b[j] = float32(j)
						want[i*cols+j] = float32((i + 1) * j)
					}
				}
				avx512.Brgemm(rows, vectors, &avx512.BrgemmArgs{
					A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
					Planes: unsafe.Pointer(&avx512.Tap{}), PlaneCount: 1, Taps: unsafe.Pointer(&avx512.Tap{}), TapCount: 1, K: 1, CStride: 4 * cols, Tiles: 2, Mask: 1<<avx512.Lanes - 1,
				})
				assert.Equal(t, want, c)
			})
		}
	}
}

// Two tiles of every shape, of which the second wants three offsets: row i of A is
// i+1 and B counts up, so the dot product of 19 elements from offset j on is
// (i+1)·(19·j + 171).
func TestEveryDot(t *testing.T) {
	needAVX512(t)
	for rows := 1; rows <= avx512.MaxDotRows; rows++ {
		n := avx512.DotOffsets[rows]
		a, b, off := make([]float32, rows*19), make([]float32, 19+2*n), make([]int, 2*n)
		for i := range a {
			a[i] = float32(1 + i/19)
		}
		for j := range b {
			b[j] = float32(j)
		}
		for j := range off {
			off[j] = j
		}
		sums, want := make([]float32, rows*16), make([]float32, rows*16)
		for i := range rows {
			for j := range n + 3 {
				want[i*16+j] = float32((i + 1) * (19*j + 171))
			}
		}
		avx512.Dot(rows, &avx512.DotArgs{
			A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), Off: unsafe.Pointer(&off[0]), Tiles: 2,
			Runs: 1, AStride: 4 * 19, Full: 1, Mask: 1<<3 - 1,
			Sums: unsafe.Pointer(&sums[0]), SumStride: 4 * 16, LastMask: 1<<3 - 1,
		})
		assert.Equal(t, want, sums, "%d rows", rows)
	}
}

func TestNoSuchTile(t *testing.T) {
	assert.PanicsWithValue(t, "avx512: Brgemm: no such tile", func() { avx512.Brgemm(8, 4, nil) })
	assert.PanicsWithValue(t, "avx512: Dot: no such tile", func() { avx512.Dot(5, nil) })
}

func BenchmarkPeak(b *testing.B) {
	needAVX512(b)
	const rounds = 1 << 16
	for b.Loop() {
		avx512.Peak(rounds)
	}
	b.ReportMetric(avx512.PeakFLOPs*rounds*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
