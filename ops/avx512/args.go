package avx512

import "unsafe"

// Lanes is the number of float32 in a vector.
const Lanes = 16

// BrgemmArgs are the arguments of [Brgemm], a batch-reduce GEMM (Georganas et
// al., IPDPS 2020). With m rows and v vectors a tile of C is
//
//	C[i][j] (+)= Σ_p Σ_t Σ_k A[(P[p].A + T[t].A)·AStride + k·m + i] · B[BStart/4 + P[p].B + T[t].B + k·BStride + j],  0 ≤ i < m, 0 ≤ j < 16·v
//
// with P the Planes and T the Taps, added in this order, and Tiles of them stand side
// by side: tile number n is 16·v·n further along j in both B and C. Every field is 8
// bytes.
type BrgemmArgs struct {
	A          unsafe.Pointer // float32
	B          unsafe.Pointer // float32
	C          unsafe.Pointer // float32, rows CStride apart
	Planes     unsafe.Pointer // [Tap]
	PlaneCount int            // at least 1
	Taps       unsafe.Pointer // [Tap]
	TapCount   int            // at least 1
	K          int            // at least 1
	AStride    int            // bytes of a tap of A
	BStart     int            // bytes
	BStride    int            // bytes between neighbouring k; it may be negative
	CStride    int            // bytes between rows of C
	Tiles      int            // at least 1
	Mask       uint64         // lanes of the last vector of every tile that are read and written
	Accumulate uint64         // 0: C is overwritten; else it is added to

	// The kernel counts here what is left.
	PlanesLeft, TapsLeft int
}

// Tap says where the operands of a part of a reduction start: in A in taps, in B in
// elements.
type Tap struct{ A, B int }

// DotArgs are the arguments of [Dot], which multiplies rows of A with shifted
// runs of B: with m rows,
//
//	Sums[i·SumStride + j] += Σ_r Σ_q A[(r·AStep + i·AStride)/4 + q] · B[(BStart + r·BStep)/4 + Off[j] + q],  0 ≤ i < m
//
// where q counts to 16·Full and over the lanes of Mask after that. j counts over J
// offsets ([DotOffsets] of m) of each of several tiles, in the last of them over the
// lanes of LastMask only; but all J offsets of it must be there, and good to read
// at. Every field is 8 bytes.
type DotArgs struct {
	A         unsafe.Pointer // float32
	B         unsafe.Pointer // float32
	Off       unsafe.Pointer // int64 [Tiles][J], in elements of B
	Runs      int            // to add up, at least 1
	Tiles     int            // at least 1; the kernel counts it down to 0
	AStep     int            // bytes between runs of A
	BStep     int            // bytes between runs of B
	BStart    int            // bytes
	AStride   int            // bytes between rows of A
	Next      int            // bytes to what the next call takes of A, which AVX-512 fetches
	Full      int            // whole vectors of a run, at least 0
	Mask      uint64         // lanes of the vector after them, at least one
	Sums      unsafe.Pointer // float32, rows SumStride apart
	SumStride int            // bytes
	LastMask  uint64         // of the last tile, from 1 to J lanes

	// The kernel counts here: the number of the tile, from 0, and the runs that are
	// left of it. First is the address of B[BStart/4].
	Tile, Left, First int
}

// LanesArgs are the arguments of [Interleave], which writes rows of several samples
// side by side,
//
//	Staged[i·Lanes + l] = Plain[l·Stride + i],  0 ≤ l < Samples, 0 ≤ i < N
//
// and 0 for l from Samples to Lanes; and of [Deinterleave], which does the opposite.
// Every field is 8 bytes.
type LanesArgs struct {
	Plain   unsafe.Pointer // float32
	Stride  int            // bytes between the rows of two samples
	Samples int            // 1 to 16
	Staged  unsafe.Pointer // float32
	Lanes   int            // bytes of the lanes of one element: 4 for each sample, at most 64
	Mask    uint64         // lanes: Lanes/4 bits
	N       int            // at least 1
}
