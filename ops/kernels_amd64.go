//go:build amd64 && !noasm

package ops

import (
	"math"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// operationsPerCall bounds the vector operations of one call of a kernel to about
// 50 µs: the scheduler and the garbage collector cannot interrupt it.
const operationsPerCall = 1 << 17

func assemblyKernels(isa ISA) (kernels, bool) {
	switch {
	case isa >= AVX512:
		return kernelsAVX512.kernels(), true
	case isa == AVX2:
		return kernelsAVX2.kernels(), true
	}
	return kernels{}, false
}

// assembly is what the wrappers have to know of the kernels in a package. Both
// packages have argument structs of the same fields, so those of avx512 serve.
type assembly struct {
	isa           ISA
	lanes         int   // of a vector
	maskBits      int   // of a lane
	bestRows      int   // see kernels
	brgemmVectors []int // see avx512.BrgemmVectors
	dotOffsets    []int // see avx512.DotOffsets
	blockedRows   []int // see avx512.BlockedRows
	mostRow       int   // see kernels
	sumCycles     float64
}

var kernelsAVX512 = assembly{
	isa:           AVX512,
	lanes:         avx512.Lanes,
	maskBits:      1,
	bestRows:      8,
	brgemmVectors: avx512.BrgemmVectors[:],
	dotOffsets:    avx512.DotOffsets[:],
	blockedRows:   avx512.BlockedRows[:],
	mostRow:       avx512.MostRow,
	sumCycles:     5,
}

var kernelsAVX2 = assembly{
	isa:           AVX2,
	lanes:         avx2.Lanes,
	maskBits:      8,
	bestRows:      4,
	brgemmVectors: avx2.BrgemmVectors[:],
	dotOffsets:    avx2.DotOffsets[:],
	blockedRows:   avx2.BlockedRows[:],
	sumCycles:     6,
}

func (a *assembly) kernels() kernels {
	return kernels{
		isa:  a.isa,
		rows: len(a.brgemmVectors) - 1, bestRows: a.bestRows,
		brgemm:  a.brgemm,
		dotRows: len(a.dotOffsets) - 1,
		dot:     a.dot,

		dotOffsets: a.dotOffsets,

		brgemmCycles: a.brgemmCycles,
		dotCycles:    func(length int) float64 { return 0.8 + float64(a.vectors(length))/2 },
		sumCycles:    a.sumCycles,

		blocked:       a.blocked,
		blockedRows:   a.blockedRows,
		blockedCycles: a.blockedCycles,
		leastRow:      avx512.LeastRow, mostRow: a.mostRow,
		rowCycles: a.rowCycles,

		lanes:     a.interleave,
		transpose: a.transpose,
		squares:   a.squares,
		cells:     a.copyCells,
	}
}

// callBrgemm calls the kernel. It names it, since the arguments of a call through a
// function value would move to the heap.
func (a *assembly) callBrgemm(rows, vectors int, args *avx512.BrgemmArgs) {
	if a.isa == AVX2 {
		avx2.Brgemm(rows, vectors, (*avx2.BrgemmArgs)(args))
	} else {
		avx512.Brgemm(rows, vectors, args)
	}
}

func (a *assembly) callDot(rows int, args *avx512.DotArgs) {
	if a.isa == AVX2 {
		avx2.Dot(rows, (*avx2.DotArgs)(args))
	} else {
		avx512.Dot(rows, args)
	}
}

func (a *assembly) callInterleave(apart bool, args *avx512.LanesArgs) {
	switch {
	case a.isa == AVX2 && apart:
		avx2.Deinterleave((*avx2.LanesArgs)(args))
	case a.isa == AVX2:
		avx2.Interleave((*avx2.LanesArgs)(args))
	case apart:
		avx512.Deinterleave(args)
	default:
		avx512.Interleave(args)
	}
}

func (a *assembly) callCopyCells(args *avx512.CopyCellsArgs) {
	if a.isa == AVX2 {
		avx2.CopyCells((*avx2.CopyCellsArgs)(args))
	} else {
		avx512.CopyCells(args)
	}
}

func (a *assembly) callTranspose(args *avx512.TransposeArgs) {
	if a.isa == AVX2 {
		avx2.Transpose((*avx2.TransposeArgs)(args))
	} else {
		avx512.Transpose(args)
	}
}

// brgemm cuts the columns into tiles as equal as can be, and planes, or even taps, into
// calls that are short enough.
func (a *assembly) brgemm(g brgemm) {
	if g.empty() {
		return
	}
	g.bound()
	widest := a.brgemmVectors[g.rows]
	perTap := g.k * g.rows * widest
	taps := min(len(g.taps), max(1, operationsPerCall/perTap))
	planes := 1
	if taps == len(g.taps) {
		planes = max(1, operationsPerCall/(perTap*taps))
	}
	part := g
	for p := 0; p < len(g.planes); p += planes {
		part.planes = g.planes[p:min(p+planes, len(g.planes))]
		for t := 0; t < len(g.taps); t += taps {
			part.taps = g.taps[t:min(t+taps, len(g.taps))]
			a.brgemmTiles(&part, widest)
			part.accumulate = true
		}
	}
}

// brgemmTiles does the wider tiles, the narrower ones, and the last, whose last
// vector may not be whole.
func (a *assembly) brgemmTiles(g *brgemm, widest int) {
	n := a.vectors(g.cols)
	count := ceilDiv(n, widest)
	narrow, wider := n/count, n%count
	at := a.brgemmRun(g, 0, narrow+1, wider, a.mask(a.lanes))
	at = a.brgemmRun(g, at, narrow, count-wider-1, a.mask(a.lanes))
	a.brgemmRun(g, at, narrow, 1, a.tailMask(g.cols))
}

// vectors is the number of vectors that hold n elements.
func (a *assembly) vectors(n int) int { return ceilDiv(n, a.lanes) }

// mask has the first n lanes, at least one.
func (a *assembly) mask(n int) uint64 { return math.MaxUint64 >> (64 - a.maskBits*n) }

// tailMask has the lanes of the last vector of n elements.
func (a *assembly) tailMask(n int) uint64 { return a.mask((n-1)%a.lanes + 1) }

// brgemmCycles counts, for each tile, two multiplications and two loads a cycle, and that
// a sum waits four cycles for the one before it. A vector of B that lies across two cache
// lines is two loads.
func (a *assembly) brgemmCycles(rows, cols int, aligned bool) float64 {
	n := a.vectors(cols)
	tiles := ceilDiv(n, a.brgemmVectors[rows])
	narrow, wider := n/tiles, n%tiles
	cycles := func(width int) float64 {
		loads := rows + width
		if !aligned {
			loads += width
		}
		return float64(max(rows*width, loads, 8))/2 + stepCycles
	}
	return float64(wider)*cycles(narrow+1) + float64(tiles-wider)*cycles(narrow)
}

// stepCycles is what a step of a reduction costs besides: for counting, and for operands
// that come from the L2 cache.
const stepCycles = 1.5

// brgemmRun does tiles of the same width from column at, and returns where they end.
func (a *assembly) brgemmRun(g *brgemm, at, vectors, tiles int, mask uint64) int {
	width := vectors * a.lanes
	atOnce := max(1, operationsPerCall/(len(g.planes)*len(g.taps)*g.k*g.rows*vectors))
	for tiles > 0 {
		n := min(tiles, atOnce)
		args := avx512.BrgemmArgs{
			A:          unsafe.Pointer(unsafe.SliceData(g.a)),
			B:          unsafe.Pointer(unsafe.SliceData(g.b)),
			C:          unsafe.Pointer(&g.c[at]),
			Planes:     unsafe.Pointer(unsafe.SliceData(g.planes)),
			PlaneCount: len(g.planes),
			Taps:       unsafe.Pointer(unsafe.SliceData(g.taps)),
			TapCount:   len(g.taps),
			K:          g.k,
			AStride:    4 * g.aStride,
			BStart:     4 * (g.bStart + at),
			BStride:    4 * g.bStride,
			CStride:    4 * g.cStride,
			Tiles:      n,
			Mask:       mask,
		}
		if g.accumulate {
			args.Accumulate = 1
		}
		a.callBrgemm(g.rows, vectors, &args)
		at, tiles = at+n*width, tiles-n
	}
	return at
}

// dot cuts the runs into calls that are short enough, or the tiles if one run is
// long.
func (a *assembly) dot(d dot) {
	if d.empty() {
		return
	}
	d.bound()
	tile := a.dotOffsets[d.rows]
	whole := len(d.off) / tile * tile
	perTile := a.vectors(d.length) * d.rows * tile
	part := d
	for r := 0; r < d.runs; r += part.runs {
		part.runs = min(d.runs-r, max(1, operationsPerCall/perTile))
		part.a, part.bStart = d.a[r*d.aStep:], d.bStart+r*d.bStep
		atOnce := max(1, operationsPerCall/(perTile*part.runs)) * tile
		for j := 0; j < whole; j += atOnce {
			a.dotTiles(&part, d.off[j:min(j+atOnce, whole)], j, tile)
		}
		if whole < len(d.off) {
			a.dotRest(&part, whole, tile)
		}
	}
}

// dotRest does the offsets that make no whole tile. The kernel wants as many, so the
// last is repeated.
func (a *assembly) dotRest(d *dot, from, tile int) {
	var off [mostDotOffsets]int
	for j := range off {
		off[j] = d.off[min(from+j, len(d.off)-1)]
	}
	a.dotTiles(d, off[:tile], from, len(d.off)-from)
}

// mostDotOffsets is the largest number of offsets of a tile of dot.
const mostDotOffsets = 8

// dotTiles does whole tiles of offsets, whose sums begin at number first. Of the last
// tile only some are wanted.
func (a *assembly) dotTiles(d *dot, off []int, first, last int) {
	a.callDot(d.rows, &avx512.DotArgs{
		A:         unsafe.Pointer(unsafe.SliceData(d.a)),
		B:         unsafe.Pointer(unsafe.SliceData(d.b)),
		Off:       unsafe.Pointer(unsafe.SliceData(off)),
		Runs:      d.runs,
		Tiles:     len(off) / a.dotOffsets[d.rows],
		AStep:     4 * d.aStep,
		BStep:     4 * d.bStep,
		BStart:    4 * d.bStart,
		AStride:   4 * d.aStride,
		Next:      4 * d.runs * d.aStep,
		Full:      a.vectors(d.length) - 1,
		Mask:      a.tailMask(d.length),
		Sums:      unsafe.Pointer(&d.sums[first]),
		SumStride: 4 * d.sumStride,
		LastMask:  a.mask(last),
	})
}

// rowPerCall bounds the elements of each sample that a call of a kernel moves.
const rowPerCall = 1 << 12

// interleave is kernels.lanes. A kernel takes as many lanes as a vector has.
func (a *assembly) interleave(staged []float32, plain samples, lanes int, apart bool) {
	n := len(staged) / lanes
	if n == 0 || plain.count == 0 {
		return
	}
	plain.bound(n)
	for lo := 0; lo < n; lo += rowPerCall {
		for first := 0; first < lanes; first += a.lanes {
			args := avx512.LanesArgs{
				Plain:   unsafe.Pointer(&plain.data[min(first, plain.count-1)*plain.stride+lo]),
				Stride:  4 * plain.stride,
				Samples: min(max(plain.count-first, 0), a.lanes),
				Staged:  unsafe.Pointer(&staged[lo*lanes+first]),
				Lanes:   4 * lanes,
				Mask:    a.mask(min(lanes-first, a.lanes)),
				N:       min(rowPerCall, n-lo),
			}
			a.callInterleave(apart, &args)
		}
	}
}

// transpose is kernels.transpose.
func (a *assembly) transpose(blocks []float32, pitch, lanes int, rows samples, n int, apart bool) {
	if n == 0 || rows.count == 0 {
		return
	}
	rows.bound(n)
	blocks = blocks[:(n-1)*pitch+lanes]
	for first := 0; first < lanes; first += a.lanes {
		args := avx512.LanesArgs{
			Plain:   unsafe.Pointer(&rows.data[min(first, rows.count-1)*rows.stride]),
			Stride:  4 * rows.stride,
			Samples: min(max(rows.count-first, 0), a.lanes),
			Staged:  unsafe.Pointer(&blocks[first]),
			Lanes:   4 * pitch,
			Mask:    a.mask(min(lanes-first, a.lanes)),
			N:       n,
		}
		a.callInterleave(apart, &args)
	}
}

// copyCells is kernels.cells.
func (a *assembly) copyCells(dst, src []float32, dstStep, srcStep, n int) {
	if n == 0 {
		return
	}
	dst, src = dst[:(n-1)*dstStep+Block], src[:(n-1)*srcStep+Block]
	for lo := 0; lo < n; lo += rowPerCall {
		a.callCopyCells(&avx512.CopyCellsArgs{
			Dst: unsafe.Pointer(&dst[lo*dstStep]), DstStep: 4 * dstStep,
			Src: unsafe.Pointer(&src[lo*srcStep]), SrcStep: 4 * srcStep,
			N: min(rowPerCall, n-lo),
		})
	}
}

// squares is kernels.squares. A kernel takes as many rows and columns as a vector has
// lanes.
func (a *assembly) squares(dst []float32, pitch int, rows samples, n, squares int) {
	if n == 0 || rows.count == 0 || squares == 0 {
		return
	}
	last := (squares - 1) * Block
	rows.bound(last + n)
	dst = dst[:(n-1)*pitch+last+Block]
	for row := 0; row < Block; row += a.lanes {
		for column := 0; column < n; column += a.lanes {
			columns := min(n-column, a.lanes)
			a.callTranspose(&avx512.TransposeArgs{
				Src:       unsafe.Pointer(&rows.data[min(row, rows.count-1)*rows.stride+column]),
				SrcStride: 4 * rows.stride,
				Rows:      min(max(rows.count-row, 0), a.lanes),
				Dst:       unsafe.Pointer(&dst[column*pitch+row]),
				DstStride: 4 * pitch,
				Columns:   columns,
				Mask:      a.mask(columns),
				Squares:   squares,
			})
		}
	}
}
