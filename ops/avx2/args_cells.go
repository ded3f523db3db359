package avx2

import "unsafe"

// CellsArgs are the arguments of the kernels over cells, the 16 elements that a blocked
// layout has at a position: with c, j and k for cells, elements of a cell and rows of
// constants,
//
//	NormaliseCells:         Dst[c][j] = (A[c][j] − C[0][j])·C[1][j] + C[2][j]
//	NormaliseCellsBackward: Dst[c][j] = C[1][j]·A[c][j] + (C[2][j]·(B[c][j] − C[0][j]) + C[3][j])
//	CellMoments:            Sums[0][j] += Σ_c a,  Sums[1][j] += Σ_c a²,  a = A[c][j] − C[0][j]
//	CellGradientMoments:    Sums[0][j] += Σ_c b,  Sums[1][j] += Σ_c A[c][j],  Sums[2][j] += Σ_c A[c][j]·b,
//	                        b = B[c][j] − C[0][j]
//
// They do as many elements of each cell as a vector has; the addresses say which. Terms
// and sums are float64 and added in the order of cells; nothing is contracted. Every
// field is 8 bytes.
type CellsArgs struct {
	A, B, Dst unsafe.Pointer // float32 [N][16]; Dst may be A or B
	C         unsafe.Pointer // float32 [][16]
	Sums      unsafe.Pointer // float64 [][16]
	N         int            // cells, at least 1
}

// CellWindowsArgs are the arguments of the kernels over windows of cells: tap (d, h, t) of
// window o is the cell
//
//	d·PlaneStride + h·RowStride + t·64 + o·Stride,  d < Planes, h < Rows, t < Taps
//
// bytes after Volume, and one in Diff at the same distance; taps follow each other in this order.
//
//	CellAverages:    Windows[o] = Σ taps / Divisor, in float64
//	CellSpread:      taps += Windows[o] / Divisor, of windows one after the other
//	CellMax:         Windows[o] = the largest tap, NaN being above all, 0 above −0
//	CellMaxBackward: Windows[o] is added to the cell of Diff whose tap is the first largest
//
// They do as many elements of each cell as a vector has. Every field is 8 bytes.
type CellWindowsArgs struct {
	Volume      unsafe.Pointer // float32 cells
	Diff        unsafe.Pointer // float32 cells, for CellMaxBackward
	Windows     unsafe.Pointer // float32 [N][16]
	Divisor     float64        // for CellAverages and CellSpread
	PlaneStride int            // bytes
	RowStride   int            // bytes
	Stride      int            // bytes
	Planes      int            // at least 1
	Rows        int            // at least 1
	Taps        int            // at least 1
	N           int            // at least 1
}

// CellRepeatArgs are the arguments of [RepeatCells], which up-samples rows of cells:
//
//	Dst[((r·Copies + k)·N + c)·Times + t] = Src[r·N + c],  k < Copies, t < Times
//
// for all rows r < Rows and cells c < N. It does as many elements of each cell as a
// vector has. Every field is 8 bytes.
type CellRepeatArgs struct {
	Src, Dst unsafe.Pointer // float32 [][16]
	Rows     int            // at least 1
	Copies   int            // at least 1
	N        int            // at least 1
	Times    int            // at least 1
}

// CopyCellsArgs are the arguments of [CopyCells], which copies N cells that lie DstStep and
// SrcStep bytes apart. Every field is 8 bytes.
type CopyCellsArgs struct {
	Dst, Src         unsafe.Pointer // float32
	DstStep, SrcStep int            // bytes
	N                int            // at least 1
}

// TransposeArgs are the arguments of [Transpose], which makes columns of the rows of
// squares that lie 16 elements apart in both tensors: of square s
//
//	Dst[i·DstStride + 16·s + l] = Src[l·SrcStride + 16·s + i],  0 ≤ i < Columns, 0 ≤ l < Rows
//
// and 0 for l from Rows to 8. Every field is 8 bytes.
type TransposeArgs struct {
	Src       unsafe.Pointer // float32
	SrcStride int            // bytes between rows
	Rows      int            // 0 to 8
	Dst       unsafe.Pointer // float32
	DstStride int            // bytes between columns
	Columns   int            // 1 to 8
	Mask      uint64         // the columns, a byte each
	Squares   int            // at least 1
}
