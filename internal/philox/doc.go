// Package philox gives random numbers that are a pure function of where they
// are used, never of how many were drawn before.
//
// A generator with hidden state ties every draw to the order of execution:
// another number of threads, or a resumed run, and the numbers change. Philox
// is a keyed bijection of a counter instead. Key and counter name a draw, so
// any thread can produce it at any time and resuming costs nothing.
//
//	s := philox.NewStream(seed, layer)
//	x := s.Normal()          // the first draw of this stream
//	y := s.At(1 << 20).Float32() // the draw at block 2^20, at once
//
// [Block] is the bijection itself; [Stream] draws numbers from one sequence of
// blocks. Streams of one seed never share a block:
//
//	key     = seed low, seed high
//	counter = position low, position high, stream low, stream high
//
// The generator is Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC'11, doi:10.1145/2063384.2063405. It
// is for simulation, not for cryptography.
package philox
