//go:build amd64 && !noasm

package ops

import (
	"fmt"
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// cellPooling names a kernel over windows of cells.
type cellPooling int

const (
	cellAverages cellPooling = iota
	cellSpread
	cellMax
	cellMaxBackward
)

// callPooling calls a kernel. It names it, since the arguments of a call through a
// function value would move to the heap.
func (a *cellAssembly) callPooling(kernel cellPooling, args *avx512.CellWindowsArgs) {
	if a.isa == AVX2 {
		callPoolingAVX2(kernel, (*avx2.CellWindowsArgs)(args))
		return
	}
	switch kernel {
	case cellAverages:
		avx512.CellAverages(args)
	case cellSpread:
		avx512.CellSpread(args)
	case cellMax:
		avx512.CellMax(args)
	case cellMaxBackward:
		avx512.CellMaxBackward(args)
	}
}

func callPoolingAVX2(kernel cellPooling, args *avx2.CellWindowsArgs) {
	switch kernel {
	case cellAverages:
		avx2.CellAverages(args)
	case cellSpread:
		avx2.CellSpread(args)
	case cellMax:
		avx2.CellMax(args)
	case cellMaxBackward:
		avx2.CellMaxBackward(args)
	}
}

func (a *cellAssembly) averages(w windowRow, dst, volume []float32, divisor float64) {
	if w.unfitCells() {
		cellAveragesPortable(w, dst, volume, divisor)
		return
	}
	a.pool(cellAverages, w, dst, volume, nil, divisor)
}

func (a *cellAssembly) spread(w windowRow, volume, src []float32, divisor float64) {
	if w.unfitCells() {
		cellSpreadPortable(w, volume, src, divisor)
		return
	}
	a.pool(cellSpread, w, src, volume, nil, divisor)
}

func (a *cellAssembly) max(w windowRow, dst, volume []float32) {
	if w.unfitCells() {
		cellMaxPortable(w, dst, volume)
		return
	}
	a.pool(cellMax, w, dst, volume, nil, 1)
}

func (a *cellAssembly) maxBackward(w windowRow, diffVolume, diffDst, volume []float32) {
	if w.unfitCells() {
		cellMaxBackwardPortable(w, diffVolume, diffDst, volume)
		return
	}
	a.pool(cellMaxBackward, w, diffDst, volume, diffVolume[:len(volume)], 1)
}

// unfitCells says that a window is too large for a call, or empty.
func (w windowRow) unfitCells() bool {
	taps := w.planes * w.rows * w.taps
	return taps < 1 || taps > tapsPerCall
}

// tapsPerCall bounds a call of a kernel to about 50 µs.
const tapsPerCall = operationsPerCall / 4

// pool calls a kernel for the windows that go with a row of cells, as many at a time as
// fit a call. diff, if there is one, is as long as volume.
func (a *cellAssembly) pool(kernel cellPooling, w windowRow, row, volume, diff []float32, divisor float64) {
	windows := len(row) / Block
	if windows == 0 {
		return
	}
	if w.at < 0 || w.end(windows)*Block > len(volume) {
		panic(fmt.Sprintf("ops: windows of cells %d to %d in a volume of %d elements", w.at, w.end(windows), len(volume)))
	}
	const bytes = 4 * Block
	args := avx512.CellWindowsArgs{
		Divisor:     divisor,
		PlaneStride: bytes * w.planeStride,
		RowStride:   bytes * w.rowStride,
		Stride:      bytes * w.stride,
		Planes:      w.planes,
		Rows:        w.rows,
		Taps:        w.taps,
	}
	atOnce := min(a.cells, max(1, tapsPerCall/(w.planes*w.rows*w.taps)))
	for o := 0; o < windows; o += atOnce {
		args.N = min(atOnce, windows-o)
		for first := 0; first < Block; first += a.lanes {
			at := (w.at+o*w.stride)*Block + first
			args.Volume, args.Windows = unsafe.Pointer(&volume[at]), cellsAt(row, o, first, args.N)
			if diff != nil {
				args.Diff = unsafe.Pointer(&diff[at])
			}
			a.callPooling(kernel, &args)
		}
	}
}

// repeat does as many rows as fit a call. Every cell is repeated equally often.
func (a *cellAssembly) repeat(dst, src []float32, index []int32, copies int) {
	width := int(index[len(index)-1]) + 1
	if len(index)*copies > operationsPerCall {
		repeatCellsPortable(dst, src, index, copies)
		return
	}
	args := avx512.CellRepeatArgs{Copies: copies, N: width, Times: len(index) / width}
	rows, atOnce := len(src)/(width*Block), max(1, a.cells/(len(index)*copies))
	for r := 0; r < rows; r += atOnce {
		args.Rows = min(atOnce, rows-r)
		for first := 0; first < Block; first += a.lanes {
			args.Src = cellsAt(src, r*width, first, args.Rows*width)
			args.Dst = cellsAt(dst, r*copies*len(index), first, args.Rows*copies*len(index))
			if a.isa == AVX2 {
				avx2.RepeatCells((*avx2.CellRepeatArgs)(&args))
			} else {
				avx512.RepeatCells(&args)
			}
		}
	}
}
