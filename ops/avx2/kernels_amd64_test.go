//go:build amd64 && !noasm

package avx2_test

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/klauspost/cpuid/v2"
	"github.com/stretchr/testify/assert"
)

func needAVX2(t testing.TB) {
	t.Helper()
	if !cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3, cpuid.BMI2) {
		t.Skip("no AVX2 on this processor")
	}
}

// lanes is the mask of the first n lanes.
func lanes(n int) uint64 { return avx2.WholeMask >> (8 * (avx2.Lanes - n)) }

var nan = float32(math.NaN())

// eachTile calls do for every shape of a tile of Brgemm, with every number of lanes
// in its last vector.
func eachTile(t *testing.T, do func(t *testing.T, rows, vectors, last int)) {
	needAVX2(t)
	for rows := 1; rows <= avx2.MaxRows; rows++ {
		for vectors := 1; vectors <= avx2.BrgemmVectors[rows]; vectors++ {
			for last := 1; last <= avx2.Lanes; last++ {
				t.Run(fmt.Sprintf("%dx%d/%d", rows, vectors, last), func(t *testing.T) { do(t, rows, vectors, last) })
			}
		}
	}
}

// Two neighbouring tiles of every shape: row i of A is i+1 and B counts up, so
// C[i][j] = (i+1)·j where a lane is wanted. Elsewhere B is NaN and C is to stay. What
// matters beyond shapes is tested in package ops.
func TestEveryTile(t *testing.T) {
	eachTile(t, func(t *testing.T, rows, vectors, last int) {
		width := vectors * avx2.Lanes
		cols := 2 * width
		a, b, c := make([]float32, rows), make([]float32, cols), make([]float32, rows*cols)
		want := make([]float32, rows*cols)
		for j := range b {
			wanted := j%width < width-avx2.Lanes+last
			b[j] = nan
			if wanted {
				b[j] = float32(j)
			}
			for i := range a {
				a[i] = float32(i + 1)
				c[i*cols+j], want[i*cols+j] = -7, -7
				if wanted {
					want[i*cols+j] = float32((i + 1) * j)
				}
			}
		}
		avx2.Brgemm(rows, vectors, &avx2.BrgemmArgs{
			A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
			Planes: unsafe.Pointer(&avx2.Tap{}), PlaneCount: 1, Taps: unsafe.Pointer(&avx2.Tap{}), TapCount: 1, K: 1, CStride: 4 * cols, Tiles: 2, Mask: lanes(last),
		})
		assert.Equal(t, want, c)
	})
}

// Accumulation reads no more lanes of C than it writes.
func TestAccumulate(t *testing.T) {
	eachTile(t, func(t *testing.T, rows, vectors, last int) {
		cols := vectors * avx2.Lanes
		wanted := cols - avx2.Lanes + last
		a, b, c := make([]float32, rows), make([]float32, cols), make([]float32, rows*cols)
		for i := range a {
			a[i] = 2
			for j := range cols {
				b[j], c[i*cols+j] = 3, float32(i+j)
				if j >= wanted {
					c[i*cols+j] = nan
				}
			}
		}
		taps := []avx2.Tap{{A: 0}, {A: 1}}
		avx2.Brgemm(rows, vectors, &avx2.BrgemmArgs{
			A: unsafe.Pointer(&append(a, a...)[0]), B: unsafe.Pointer(&b[0]), C: unsafe.Pointer(&c[0]),
			Planes: unsafe.Pointer(&avx2.Tap{}), PlaneCount: 1, Taps: unsafe.Pointer(&taps[0]), TapCount: 2, K: 1, AStride: 4 * rows, CStride: 4 * cols, Tiles: 1, Mask: lanes(last), Accumulate: 1,
		})
		for at, v := range c {
			if j := at % cols; j < wanted {
				assert.Equal(t, float32(at/cols+j+12), v, "row %d, column %d", at/cols, j)
			} else {
				assert.True(t, math.IsNaN(float64(v)), "row %d, column %d", at/cols, j)
			}
		}
	})
}

// Two tiles of every shape, of which the second wants fewer offsets: row i of A is
// i+1 and B counts up, so the dot product of n elements from offset j on is
// (i+1)·(n·j + n·(n−1)/2). After a run both operands go on with NaN.
func TestEveryDot(t *testing.T) {
	needAVX2(t)
	for rows := 1; rows <= avx2.MaxDotRows; rows++ {
		for n := 1; n <= 2*avx2.Lanes+1; n++ {
			for last := 1; last <= avx2.DotOffsets[rows]; last++ {
				testDot(t, rows, n, last)
			}
		}
	}
}

func testDot(t *testing.T, rows, n, last int) {
	const pitch, sumStride = 3 * avx2.Lanes, 17
	tile := avx2.DotOffsets[rows]
	a, b, off := make([]float32, rows*pitch), make([]float32, 2*tile*pitch), make([]int, 2*tile)
	for i := range a {
		a[i] = float32(1 + i/pitch)
		if i%pitch >= n {
			a[i] = nan
		}
	}
	for i := range b {
		b[i] = float32(i/pitch + i%pitch)
		if i%pitch >= n {
			b[i] = nan
		}
	}
	for j := range off {
		off[j] = j * pitch
	}
	sums, want := make([]float32, rows*sumStride), make([]float32, rows*sumStride)
	for i := range rows {
		for j := range sumStride {
			sums[i*sumStride+j], want[i*sumStride+j] = 5, 5
			if j < tile+last {
				want[i*sumStride+j] = float32(5 + (i+1)*(n*j+n*(n-1)/2))
			}
		}
	}
	avx2.Dot(rows, &avx2.DotArgs{
		A: unsafe.Pointer(&a[0]), B: unsafe.Pointer(&b[0]), Off: unsafe.Pointer(&off[0]), Tiles: 2,
		Runs: 1, AStride: 4 * pitch,
		Full: (n - 1) / avx2.Lanes, Mask: lanes((n-1)%avx2.Lanes + 1),
		Sums: unsafe.Pointer(&sums[0]), SumStride: 4 * sumStride, LastMask: lanes(last),
	})
	assert.Equal(t, want, sums, "%d rows of %d, %d offsets in the last tile", rows, n, last)
}

func TestNoSuchKernel(t *testing.T) {
	none := "avx2: Brgemm: no such tile"
	assert.PanicsWithValue(t, none, func() { avx2.Brgemm(4, 4, &avx2.BrgemmArgs{Mask: avx2.WholeMask}) })
	assert.PanicsWithValue(t, none, func() { avx2.Brgemm(4, 4, &avx2.BrgemmArgs{Mask: 0xFF}) })
	assert.PanicsWithValue(t, "avx2: Dot: no such tile", func() { avx2.Dot(5, nil) })
	assert.PanicsWithValue(t, "avx2: Elementwise: no such operation", func() { avx2.Elementwise(-1, nil) })
	assert.PanicsWithValue(t, "avx2: Reduce: no such operation", func() { avx2.Reduce(-1, nil) })
	assert.PanicsWithValue(t, "avx2: WindowAverages: no such stride", func() { avx2.WindowAverages(0, nil) })
}
