//go:build amd64 && !noasm

package ops

import (
	"fmt"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// cellAssembly are the loops over cells of one of the packages of kernels. Their
// argument structs have the same fields, so those of avx512 serve. A kernel does as
// many elements of each cell as a vector has, and a call of it so few cells that the
// next call finds the rest of them in the cache.
type cellAssembly struct {
	isa   ISA
	lanes int // of a vector
	cells int // of a call at most
}

var (
	cellsAVX512 = cellAssembly{AVX512, avx512.Lanes, elementsPerCall / Block}
	cellsAVX2   = cellAssembly{AVX2, avx2.Lanes, 128}
)

func (a *cellAssembly) loops() cellLoops {
	return cellLoops{
		windows:           windowLoops{a.averages, a.spread, a.max, a.maxBackward},
		repeat:            a.repeat,
		normalise:         a.normalise,
		normaliseBackward: a.normaliseBackward,
		moments:           a.moments,
		gradientMoments:   a.gradientMoments,
	}
}

// each calls do for a number of cells from cell at on, and their elements from first
// on, until all are done.
func (a *cellAssembly) each(cells int, do func(at, first, n int)) {
	for at := 0; at < cells; at += a.cells {
		for first := 0; first < Block; first += a.lanes {
			do(at, first, min(a.cells, cells-at))
		}
	}
}

// cellsAt is the address of elements from first on in cell number at, after which there
// must be n.
func cellsAt(x []float32, at, first, n int) unsafe.Pointer {
	if at < 0 || n < 1 || len(x) < (at+n)*Block {
		panic(fmt.Sprintf("ops: %d elements, where there must be cells %d to %d", len(x), at, at+n))
	}
	return unsafe.Pointer(&x[at*Block+first])
}

// sumsAt are the sums of elements from first on, of some kinds.
func sumsAt(sums []float64, kinds, first int) unsafe.Pointer {
	return unsafe.Pointer(&sums[:kinds*Block][first])
}

func (a *cellAssembly) normalise(l *cellLine, dst, src []float32) {
	a.each(len(dst)/Block, func(at, first, n int) {
		args := avx512.CellsArgs{
			A: cellsAt(src, at, first, n), Dst: cellsAt(dst, at, first, n),
			C: unsafe.Pointer(&l.centre[first]), N: n,
		}
		if a.isa == AVX2 {
			avx2.NormaliseCells((*avx2.CellsArgs)(&args))
		} else {
			avx512.NormaliseCells(&args)
		}
	})
}

func (a *cellAssembly) normaliseBackward(p *cellPlane, diffSrc, diffDst, src []float32) {
	a.each(len(diffSrc)/Block, func(at, first, n int) {
		args := avx512.CellsArgs{
			A: cellsAt(diffDst, at, first, n), B: cellsAt(src, at, first, n), Dst: cellsAt(diffSrc, at, first, n),
			C: unsafe.Pointer(&p.centre[first]), N: n,
		}
		if a.isa == AVX2 {
			avx2.NormaliseCellsBackward((*avx2.CellsArgs)(&args))
		} else {
			avx512.NormaliseCellsBackward(&args)
		}
	})
}

func (a *cellAssembly) moments(sums []float64, x []float32, shift *cell) {
	a.each(len(x)/Block, func(at, first, n int) {
		args := avx512.CellsArgs{
			A: cellsAt(x, at, first, n), C: unsafe.Pointer(&shift[first]), Sums: sumsAt(sums, 2, first), N: n,
		}
		if a.isa == AVX2 {
			avx2.CellMoments((*avx2.CellsArgs)(&args))
		} else {
			avx512.CellMoments(&args)
		}
	})
}

func (a *cellAssembly) gradientMoments(sums []float64, diffDst, src []float32, mean *cell) {
	a.each(len(src)/Block, func(at, first, n int) {
		args := avx512.CellsArgs{
			A: cellsAt(diffDst, at, first, n), B: cellsAt(src, at, first, n),
			C: unsafe.Pointer(&mean[first]), Sums: sumsAt(sums, 3, first), N: n,
		}
		if a.isa == AVX2 {
			avx2.CellGradientMoments((*avx2.CellsArgs)(&args))
		} else {
			avx512.CellGradientMoments(&args)
		}
	})
}
