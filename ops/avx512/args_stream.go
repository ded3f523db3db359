package avx512

import "unsafe"

// ElementwiseArgs are the arguments of [Elementwise]. An operation reads some of
// In, each element once, and writes some of Out, which may be the memory of any of
// In:
//
//	Out[k][i] = f_k(In[0][i], In[1][i], …; C),  First ≤ i < First + N
//
// Every field, and every element of an array of pointers, is 8 bytes.
type ElementwiseArgs struct {
	In    [4]unsafe.Pointer // float32
	Out   [3]unsafe.Pointer // float32
	First int
	N     int        // at least 1
	C     [9]float32 // constants, as the operation names them
}

// SumLanes is the number of sums that a reduction is made of: element i belongs to
// sum number i mod SumLanes.
const SumLanes = 16

// ReduceArgs are the arguments of [Reduce], which adds terms of float64 made of
// elements of A and B and of Shift: for every kind k of term that the operation has,
//
//	Sums[k][j] += Σ_i term_k(A[i], B[i]; Shift),  i mod SumLanes = j
//
// Every field is 8 bytes.
type ReduceArgs struct {
	A, B  unsafe.Pointer // float32; B for some operations only
	N     int            // at least 1
	Shift float64
	Sums  unsafe.Pointer // float64 [kinds][SumLanes]
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
