package avx512

import "unsafe"

// BlockedArgs are the arguments of [Blocked], [BlockedWeights], [BlockedDepthwise],
// [BlockedRow] and [BlockedRowWeights], batch-reduce GEMMs with the channels of an operand in blocks of 16, in lanes. With m rows and v
// blocks a tile of C is
//
//	C[i·CRow + j·CVector + l] = Post(Σ_t Σ_k A[Taps[t].A + a(i, k)] · B[Taps[t].B + j·BVector + 16·k + l] + …)
//
// with 0 ≤ i < m, 0 ≤ j < v, 0 ≤ l < 16, and k counting to the steps of the tap. … are
// Bias[16·j + l], where there is a bias, and what was in C, where Accumulate says so.
// Blocked finds elements at a(i, k) = i·AStride + k: i counts positions of a
// convolution, and k input channels. BlockedWeights finds them at i + k·AStride: i
// counts input channels and k positions. BlockedDepthwise has v = 1 and, instead of
// the one element, the vector A[Taps[t].A + i·AStride + k·AStep + l].
// BlockedRow has v = 1, m neighbouring cells of 16 elements in A, and sums over three taps
// where the others have one:
//
//	Σ_t Σ_k Σ_s A[Taps[t].A + 16·(i+s−1) + k] · B[Taps[t].B + s·BTap + 16·k + l], 0 ≤ s < 3
//
// without the cell before the first unless Left is set, and the one behind the last unless
// Right is. BlockedRowWeights has, instead of blocks of B, three taps, CVector apart in C: tap
// j is the sum that BlockedWeights gives for the k at which there is a k+1−j,
//
//	Σ_t Σ_k A[Taps[t].A + i + k·AStride] · B[Taps[t].B + 16·(k+1−j) + l], 0 ≤ k+1−j < the steps of the tap
//
// Tiles of them follow each other, ATile and CTile further on. While they do the first one,
// BlockedWeights and BlockedRowWeights ask for what lies AheadA from every A and AheadB from
// every block 0 of B to be brought into the L2 cache; nothing need be there. Every field is
// 8 bytes.
type BlockedArgs struct {
	A          unsafe.Pointer // float32; the kernel moves it
	B          unsafe.Pointer // float32
	C          unsafe.Pointer // float32; the kernel moves it
	Taps       unsafe.Pointer // [BlockedTap]
	Count      int            // of taps, at least 1
	AStride    int            // bytes
	BVector    int            // bytes
	CRow       int            // bytes
	CVector    int            // bytes
	Bias       unsafe.Pointer // float32 [v][16], or nil
	Accumulate uint64         // 0: C is overwritten; else it is added to
	Post       uint64         // 0: nothing; 1: max(x, 0); 2: x where it is positive, else Slope·x
	Slope      float32
	Tiles      int // at least 1; the kernel counts it down to 0
	ATile      int // bytes
	CTile      int // bytes
	AStep      int // bytes
	AheadA     int // bytes; the kernel sets it to 0
	AheadB     int // bytes; the kernel sets it to 0
	BTap       int // bytes
	Left       int // 0: there is no cell there
	Right      int // 0: there is no cell there
}

// BlockedTap is one tap of [BlockedArgs]: where its A and its B start, in bytes from
// those of the tile, and its number of steps, at least 1.
type BlockedTap struct{ A, B, Steps int }
