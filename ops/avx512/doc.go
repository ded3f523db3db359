// Package avx512 holds kernels in AVX-512 assembly: the two inner loops that every
// convolution, deconvolution and inner product is made of, what moves memory for
// them, the loops of what streams through memory (activations, batch normalisation,
// dropout, pooling, optimisers), and the loop that measures what a core can do at most.
//
// The assembly is written by the generator in _gen, which explains it. Kernels
// take one pointer to an argument struct of addresses and byte counts: [Brgemm]
// takes [BrgemmArgs], [Dot] takes [DotArgs], [Interleave] takes [LanesArgs],
// [Elementwise] takes [ElementwiseArgs] and so on. They check nothing: package ops
// does, before each call. Nothing here may be called on a processor without AVX-512
// F, BW, DQ and VL, and BMI2. Package avx2 has the same for processors without.
//
// The Go scheduler cannot interrupt assembly, so callers give a kernel no more
// than some 10⁵ vector operations, 50 µs, at a time.
package avx512

//go:generate go -C _gen run . avx512
