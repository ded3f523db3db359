//go:build amd64 && !noasm

package ops

import (
	"unsafe"

	"github.com/cascade-hpc/cascade/ops/avx2"
	"github.com/cascade-hpc/cascade/ops/avx512"
)

// callBlocked calls the kernel for a tile: see callBrgemm.
func (a *assembly) callBlocked(role blockedRole, rows, blocks int, args *avx512.BlockedArgs) {
	narrow := a.isa == AVX2
	switch {
	case narrow && role == blockedData:
		avx2.Blocked(rows, blocks, (*avx2.BlockedArgs)(args))
	case narrow && role == blockedGradient:
		avx2.BlockedWeights(rows, blocks, (*avx2.BlockedArgs)(args))
	case narrow:
		avx2.BlockedDepthwise(rows, blocks, (*avx2.BlockedArgs)(args))
	case role == blockedData:
		avx512.Blocked(rows, blocks, args)
	case role == blockedGradient:
		avx512.BlockedWeights(rows, blocks, args)
	case role == blockedRow:
		avx512.BlockedRow(rows, blocks, args)
	case role == blockedRowGradient:
		avx512.BlockedRowWeights(rows, blocks, args)
	default:
		avx512.BlockedDepthwise(rows, blocks, args)
	}
}

// blocked cuts the rows into tiles as equal as can be, and the taps into calls that
// are short enough.
func (a *assembly) blocked(t blocked) {
	if t.taps.steps == 0 {
		blockedPortable(t)
		return
	}
	t.bound()
	most := a.blockedRows[t.blocks]
	if t.role == blockedRow {
		most = rowTaps * a.mostRow
	}
	taps, longest := t.taps.list, max(1, operationsPerCall/(most*t.blocks))
	for len(taps) > 0 {
		n, steps := 0, 0
		for n < len(taps) && (n == 0 || steps+taps[n].Steps <= longest) {
			steps += taps[n].Steps
			n++
		}
		a.blockedTiles(&t, taps[:n], steps, n == len(taps))
		taps, t.bias, t.accumulate = taps[n:], nil, true
	}
}

// blockedTiles does all rows for some taps: the higher tiles, then the others.
func (a *assembly) blockedTiles(t *blocked, taps []avx512.BlockedTap, steps int, last bool) {
	args := avx512.BlockedArgs{
		A:       unsafe.Pointer(unsafe.SliceData(t.a)),
		B:       unsafe.Pointer(unsafe.SliceData(t.b)),
		C:       unsafe.Pointer(unsafe.SliceData(t.c)),
		Taps:    unsafe.Pointer(unsafe.SliceData(taps)),
		Count:   len(taps),
		AStride: 4 * t.aRow,
		AStep:   4 * t.aStep,
		BVector: 4 * t.bVector,
		CRow:    4 * t.cRow,
		CVector: 4 * t.cVector,
		Bias:    unsafe.Pointer(unsafe.SliceData(t.bias)),
	}
	if t.role == blockedGradient || t.role == blockedRowGradient {
		args.AStride = 4 * t.aStep
	}
	if t.accumulate {
		args.Accumulate = 1
	}
	if last {
		args.Post, args.Slope = uint64(t.post.Kind), t.post.Alpha
	}
	if t.role == blockedRow {
		a.blockedCells(t, &args, steps)
		return
	}
	tiles := newEvenBlocks(t.rows, a.blockedRows[t.blocks])
	low, high := t.rows/tiles.count, t.rows%tiles.count
	if tiles.count == 1 && t.ahead.a == 0 && t.ahead.blocks == 0 { // a line is a tile
		args.ATile, args.CTile = 4*t.aLine, 4*t.cLine
		a.blockedRun(t, &args, low, t.lines, steps)
		return
	}
	for line := range t.lines {
		args.AheadA, args.AheadB = 4*t.ahead.a, 0
		if line < t.ahead.blocks {
			args.AheadB = 4 * (t.ahead.b + line*t.bVector)
		}
		args.A, args.C = unsafe.Pointer(&t.a[line*t.aLine]), unsafe.Pointer(&t.c[line*t.cLine])
		args.ATile, args.CTile = 4*(low+1)*t.aRow, 4*(low+1)*t.cRow
		a.blockedRun(t, &args, low+1, high, steps)
		args.ATile, args.CTile = 4*low*t.aRow, 4*low*t.cRow
		a.blockedRun(t, &args, low, tiles.count-high, steps)
	}
}

// blockedCells does the tiles of a blockedRow: of each the lines are tiles that follow each
// other.
func (a *assembly) blockedCells(t *blocked, args *avx512.BlockedArgs, steps int) {
	args.BTap, args.ATile, args.CTile = 4*t.taps.bTap, 4*t.aLine, 4*t.cLine
	tiles := newEvenBlocks(t.rows, a.mostRow)
	for i := range tiles.count {
		lo, hi := tiles.bounds(i)
		args.A, args.C = unsafe.Pointer(&t.a[lo*Block]), unsafe.Pointer(&t.c[lo*t.cRow])
		args.Left, args.Right = min(i, 1), tiles.count-1-i
		a.blockedRun(t, args, hi-lo, t.lines, rowTaps*steps)
	}
}

// blockedRun does tiles of the same number of rows. The kernel leaves A and C where
// they end.
func (a *assembly) blockedRun(t *blocked, args *avx512.BlockedArgs, rows, tiles, steps int) {
	atOnce := max(1, operationsPerCall/(steps*rows*t.blocks))
	for tiles > 0 {
		args.Tiles = min(tiles, atOnce)
		tiles -= args.Tiles
		a.callBlocked(t.role, rows, t.blocks, args)
	}
}

// blockedStepCycles is what a step takes besides, measured on tiles of all sizes.
const blockedStepCycles = 1.2

// rowCycles counts, for a step of each tile of a blockedRow, two multiplications a cycle.
func (a *assembly) rowCycles(rows int) float64 {
	return rowTaps*float64(rows)/2 + blockedStepCycles*float64(ceilDiv(rows, a.mostRow))
}

// blockedCycles counts, for a step of each tile, two multiplications and two loads a
// cycle, and four cycles until a sum can be added to again.
func (a *assembly) blockedCycles(rows, blocks int) float64 {
	tiles := ceilDiv(rows, a.blockedRows[blocks])
	height := float64(rows) / float64(tiles)
	vectors := float64(blocks * Block / a.lanes)
	return float64(tiles) * (max(height*vectors/2, (height+vectors)/2, 4) + blockedStepCycles)
}
