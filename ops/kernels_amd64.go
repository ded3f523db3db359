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
		isa:        AVX512,
		rows:       avx512.MaxRows,
		brgemm:     brgemmAVX512,
		dotOffsets: avx512.DotOffsets[:],
		dot:        dotAVX512,
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
	vectors := (g.cols + avx512.Lanes - 1) / avx512.Lanes
	count := (vectors + widest - 1) / widest
	narrow, wider := vectors/count, vectors%count
	at := g.run(0, narrow+1, wider, fullMask)
	at = g.run(at, narrow, count-wider-1, fullMask)
	g.run(at, narrow, 1, tailMask(g.cols))
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

// dotAVX512 cuts the runs into calls that are short enough.
func dotAVX512(d dot) {
	if d.length == 0 {
		return
	}
	d.bound()
	vectors := (d.length + avx512.Lanes - 1) / avx512.Lanes
	atOnce := max(1, operationsPerCall/(vectors*d.rows*len(d.off)))
	for len(d.runs) > 0 {
		n := min(len(d.runs), atOnce)
		args := avx512.DotArgs{
			A:       unsafe.Pointer(unsafe.SliceData(d.a)),
			B:       unsafe.Pointer(unsafe.SliceData(d.b)),
			Off:     unsafe.Pointer(unsafe.SliceData(d.off)),
			Runs:    unsafe.Pointer(unsafe.SliceData(d.runs)),
			Left:    n,
			AStride: 4 * d.aStride,
			Full:    vectors - 1,
			Mask:    tailMask(d.length),
			Sums:    unsafe.Pointer(unsafe.SliceData(d.sums)),
		}
		avx512.Dot(d.rows, &args)
		d.runs = d.runs[n:]
	}
}
