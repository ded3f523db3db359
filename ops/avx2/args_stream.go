package avx2

import "unsafe"

// ElementwiseArgs are the arguments of [Elementwise]. An operation reads some of
// In, each element once, and writes some of Out, which may be the memory of any of
// In:
//
//	Out[k][i] = f_k(In[0][i], In[1][i], …; C, D),  First ≤ i − r·Pitch < First + N
//
// for every run r from 0 to Runs, Pitch being taken in elements here.
// Every field, and every element of an array of pointers, is 8 bytes.
type ElementwiseArgs struct {
	In    [4]unsafe.Pointer // float32
	Out   [3]unsafe.Pointer // float32
	First int
	N     int        // at least 1
	Runs  int        // at least 1; the kernel counts it down to 0
	Pitch int        // bytes
	C     [9]float32 // constants, as the operation names them
	D     [2]float64 // constants in float64
}

// SumLanes is the number of sums that a reduction is made of: element i belongs to
// sum number i mod SumLanes.
const SumLanes = 16

// ReduceArgs are the arguments of [Reduce], which adds terms of float64 made of
// elements of A and B and of Shift: for every kind k of term that the operation has,
//
//	Sums[k][j] += Σ_r Σ_i term_k(A[r·Pitch + i], B[r·Pitch + i]; Shift),  i mod SumLanes = j
//
// in this order, with r from 0 to Runs and i to N, Pitch being taken in elements here.
// Every field is 8 bytes.
type ReduceArgs struct {
	A, B  unsafe.Pointer // float32; B for some operations only
	N     int            // at least 1
	Runs  int            // at least 1; the kernel counts it down to 0
	Pitch int            // bytes
	Shift float64
	Sums  unsafe.Pointer // float64 [kinds][SumLanes]
	Dst   unsafe.Pointer // float32; for some operations only, and one run
}

// MaximumArgs are the arguments of [Maximum], which finds the largest element of each
// lane, or −∞: Largest[j] is that of the Src[i] with i mod Lanes = j. Of NaN it takes no
// notice, or forgets what came before.
type MaximumArgs struct {
	Src     unsafe.Pointer // float32
	N       int            // at least 1
	Largest unsafe.Pointer // float32 [Lanes]
}

// DropoutArgs are the arguments of [Dropout]:
//
//	Dst[i] = Src[i] · (word i mod 4 of block Counter[0] + i/4 is below Least ? 0 : Factor)
//
// The blocks are those of Philox4x32-10 (Salmon et al., SC'11).
type DropoutArgs struct {
	Src, Dst unsafe.Pointer // float32; may be the same
	N        int            // at least 1
	Counter  [4]uint32      // of the first block; the first word must not overflow
	Keys     [20]uint32     // both halves of the key of every round
	Least    uint32
	Factor   float32
}

// DropoutCellsArgs are the arguments of [DropoutCells], on 16 rows side by side:
//
//	Dst[16·i + l] = Src[16·i + l] · (word i mod 4 of block Blocks[l] + i/4 is below Least ? 0 : Factor)
type DropoutCellsArgs struct {
	Src, Dst unsafe.Pointer // float32; may be the same
	Cells    int            // a multiple of 4, at least 4
	Counter  [4]uint32      // of all blocks; the first word is not read
	Blocks   [16]uint32     // first words of the counters; they must not overflow, and are used up
	Keys     [20]uint32     // both halves of the key of every round
	Least    uint32
	Factor   float32
}

// WindowArgs are the arguments of [WindowAverages], which averages windows of a
// volume in float64,
//
//	Windows[o] = Σ_d Σ_h Σ_t Volume[d·PlaneStride + h·RowStride + t + o·stride] / Divisor,  0 ≤ o < N
//
// with d, h and t, in this order, from 0 to Planes, Rows and Taps; and of
// [WindowSpread], which adds to their elements instead, Taps being the stride:
//
//	Volume[d·PlaneStride + h·RowStride + t + o·stride] += Windows[o] / Divisor
//
// of [WindowMax], which finds the largest element, NaN being above all; and of
// [WindowArgmax], which finds where the first such is, as an int32
// d·PlaneStride + h·RowStride + t in elements. Every field is 8 bytes.
type WindowArgs struct {
	Volume      unsafe.Pointer // float32
	Windows     unsafe.Pointer // float32, or int32 for WindowArgmax
	Divisor     float64        // not for WindowMax and WindowArgmax
	PlaneStride int            // bytes
	RowStride   int            // bytes
	Planes      int            // at least 1
	Rows        int            // at least 1
	Taps        int            // at least 1
	N           int            // at least 1
}

// UpsampleArgs are the arguments of [Upsample], which repeats the elements of a row,
// and the row:
//
//	Dst[(r·Copies + k)·DstStride + j] = Src[r·SrcStride + Index[j]],  0 ≤ j < N
//
// for r from 0 to Rows and k from 0 to Copies. Every field is 8 bytes.
type UpsampleArgs struct {
	Src       unsafe.Pointer // float32
	Dst       unsafe.Pointer // float32
	Index     unsafe.Pointer // int32 [N]
	SrcStride int            // bytes
	DstStride int            // bytes
	Rows      int            // at least 1
	Copies    int            // at least 1
	N         int            // at least 1
}
