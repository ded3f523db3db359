// Package avx2 holds the kernels of package avx512 in AVX2 assembly, for processors
// that have no AVX-512: in vectors of half the width, with half the registers.
//
// Both packages are written by one generator, ../avx512/_gen, which explains them, and
// their kernels take the same arguments: [Brgemm] takes [BrgemmArgs], [Dot] takes
// [DotArgs], [Elementwise] takes [ElementwiseArgs] and so on. What differs is how a mask
// is written down, since AVX2 has no registers for it: as a byte for each lane. Kernels check nothing:
// package ops does, before each call. Nothing here may be called on a processor
// without AVX2, FMA3 and BMI2.
//
// The Go scheduler cannot interrupt assembly, so callers give a kernel no more
// than some 10⁵ vector operations, 50 µs, at a time.
package avx2

//go:generate go -C ../avx512/_gen run . avx2
