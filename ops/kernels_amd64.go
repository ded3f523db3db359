//go:build amd64 && !noasm

package ops

import (
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx512"
)

// operationsPerCall bounds the vector operations of one call of a kernel to about
// 50 µs: the scheduler and the garbage collector cannot interrupt it.
const operationsPerCall = 1 << 17

func assemblyKernels(isa ISA) (kernels, bool) {
	if isa < AVX512 {
		return kernels{}, false
	}
	return kernels{
		isa:     AVX512,
		rows:    avx512.MaxRows,
		brgemm:  brgemmAVX512,
		dotRows: avx512.MaxDotRows,
		dot:     dotAVX512,

		brgemmCycles: brgemmCyclesAVX512,
		dotCycles:    func(length int) float64 { return float64(vectors(length)) / 2 },
		sumCycles:    3,

		lanes: lanesAVX512,
	}, true
}

// brgemmAVX512 cuts the columns into tiles as equal as can be, and the taps into
// calls that are short enough.
func brgemmAVX512(g brgemm) {
	if g.empty() {
		return
	}
	g.bound()
	widest := avx512.BrgemmVectors[g.rows]
	taps := max(1, operationsPerCall/(g.k*g.rows*widest))
	for ; len(g.off) > taps; g.accumulate = true {
		part := g
		part.off = g.off[:taps]
		part.tiles(widest)
		g.off, g.a = g.off[taps:], g.a[taps*g.k*g.rows:]
	}
	g.tiles(widest)
}

// tiles does the wider tiles, the narrower ones, and the last, whose last vector
// may not be whole.
func (g *brgemm) tiles(widest int) {
	n := vectors(g.cols)
	count := ceilDiv(n, widest)
	narrow, wider := n/count, n%count
	at := g.run(0, narrow+1, wider, fullMask)
	at = g.run(at, narrow, count-wider-1, fullMask)
	g.run(at, narrow, 1, tailMask(g.cols))
}

// vectors is the number of vectors that hold n elements.
func vectors(n int) int { return ceilDiv(n, avx512.Lanes) }

// brgemmCyclesAVX512 counts, for each tile, two multiplications and two loads a cycle.
// A vector of B is two loads, for it mostly lies across two cache lines.
func brgemmCyclesAVX512(rows, cols int) float64 {
	n := vectors(cols)
	tiles := ceilDiv(n, avx512.BrgemmVectors[rows])
	width := float64(n) / float64(tiles)
	m := float64(rows)
	return float64(tiles) * (max(m*width/2, m/2+width) + 1)
}

const fullMask = 1<<avx512.Lanes - 1

// tailMask has the lanes of the last vector of n elements.
func tailMask(n int) uint64 { return fullMask >> ((avx512.Lanes - n%avx512.Lanes) % avx512.Lanes) }

// run does tiles of the same width from column at, and returns where they end.
func (g *brgemm) run(at, vectors, tiles int, mask uint64) int {
	width := vectors * avx512.Lanes
	atOnce := max(1, operationsPerCall/(len(g.off)*g.k*g.rows*vectors))
	for tiles > 0 {
		n := min(tiles, atOnce)
		args := avx512.BrgemmArgs{
			A:       unsafe.Pointer(unsafe.SliceData(g.a)),
			B:       unsafe.Pointer(&g.b[at]),
			C:       unsafe.Pointer(&g.c[at]),
			Off:     unsafe.Pointer(unsafe.SliceData(g.off)),
			Taps:    len(g.off),
			K:       g.k,
			BStride: 4 * g.bStride,
			CStride: 4 * g.cStride,
			Tiles:   n,
			Mask:    mask,
		}
		if g.accumulate {
			args.Accumulate = 1
		}
		avx512.Brgemm(g.rows, vectors, &args)
		at, tiles = at+n*width, tiles-n
	}
	return at
}

// dotAVX512 cuts the runs into calls that are short enough, or the tiles if one run
// is long.
func dotAVX512(d dot) {
	if d.empty() {
		return
	}
	tile := avx512.DotOffsets[d.rows]
	d.bound(tile)
	perTile := vectors(d.length) * d.rows * tile
	for runs := d.runs; len(runs) > 0; runs = runs[len(d.runs):] {
		d.runs = runs[:min(len(runs), max(1, operationsPerCall/perTile))]
		atOnce := max(1, operationsPerCall/(perTile*len(d.runs))) * tile
		for j := 0; j < len(d.off); j += atOnce {
			d.tiles(j, min(j+atOnce, len(d.off)), tile)
		}
	}
}

// tiles does the offsets from number lo to hi.
func (d *dot) tiles(lo, hi, tile int) {
	avx512.Dot(d.rows, &avx512.DotArgs{
		A:         unsafe.Pointer(unsafe.SliceData(d.a)),
		B:         unsafe.Pointer(unsafe.SliceData(d.b)),
		Off:       unsafe.Pointer(&d.off[lo]),
		Runs:      unsafe.Pointer(unsafe.SliceData(d.runs)),
		RunCount:  len(d.runs),
		Tiles:     ceilDiv(hi-lo, tile),
		AStride:   4 * d.aStride,
		Full:      vectors(d.length) - 1,
		Mask:      tailMask(d.length),
		Sums:      unsafe.Pointer(&d.sums[lo]),
		SumStride: 4 * d.sumStride,
		LastMask:  1<<((hi-lo-1)%tile+1) - 1,
	})
}

// rowPerCall bounds the elements of each sample that a call of a kernel moves.
const rowPerCall = 1 << 12

func lanesAVX512(staged []float32, plain samples, lanes int, apart bool) {
	n := len(staged) / lanes
	if n == 0 || plain.count == 0 {
		return
	}
	plain.bound(n)
	for lo := 0; lo < n; lo += rowPerCall {
		args := avx512.LanesArgs{
			Plain:   unsafe.Pointer(&plain.data[lo]),
			Stride:  4 * plain.stride,
			Samples: plain.count,
			Staged:  unsafe.Pointer(&staged[lo*lanes]),
			Lanes:   4 * lanes,
			Mask:    1<<lanes - 1,
			N:       min(rowPerCall, n-lo),
		}
		if apart {
			avx512.Deinterleave(&args)
		} else {
			avx512.Interleave(&args)
		}
	}
}
