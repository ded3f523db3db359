package philox

import (
	"math"
	"math/bits"
)

// Stream draws numbers from the blocks of one (seed, stream) pair in order. It
// is a value: a copy continues from the same place independently. The zero
// value is NewStream(0, 0). A Stream must not be drawn from by two goroutines
// at once; give each its own stream number.
type Stream struct {
	seed, stream uint64
	next         uint64 // counter of the block to fetch when words run out
	words        [4]uint32
	left         uint8 // words of the current block not yet drawn
	hasSpare     bool
	spare        float64 // second value of the last Box-Muller pair
}

// NewStream returns the stream-th sequence of seed, at its first block.
func NewStream(seed, stream uint64) Stream {
	return Stream{seed: seed, stream: stream}
}

// At returns the same stream placed at the start of block counter, whatever was
// drawn before. A block is four 32-bit words, and each draw documents how many
// it takes.
func (s Stream) At(counter uint64) Stream {
	return Stream{seed: s.seed, stream: s.stream, next: counter}
}

// Uint32 returns 32 uniform bits: one word.
func (s *Stream) Uint32() uint32 {
	if s.left == 0 {
		s.refill()
	}
	w := s.words[(4-s.left)&3]
	s.left--
	return w
}

func (s *Stream) refill() {
	w := &s.words
	w[0], w[1], w[2], w[3] = block(uint32(s.seed), uint32(s.seed>>32),
		uint32(s.next), uint32(s.next>>32), uint32(s.stream), uint32(s.stream>>32))
	s.next++
	s.left = 4
}

// Uint64 returns 64 uniform bits: two words, the low one first.
func (s *Stream) Uint64() uint64 {
	lo := uint64(s.Uint32())
	return lo | uint64(s.Uint32())<<32
}

// Float32 returns a uniform number in [0, 1), a multiple of 2^-24: one word.
func (s *Stream) Float32() float32 {
	return float32(s.Uint32()>>8) * 0x1p-24
}

// Float64 returns a uniform number in [0, 1), a multiple of 2^-53: two words.
func (s *Stream) Float64() float64 {
	return float64(s.Uint64()>>11) * 0x1p-53
}

// Normal returns a normal number of mean 0 and variance 1 by the method of Box
// and Muller, Ann. Math. Stat. 29 (1958) 610: four words for each pair of calls.
func (s *Stream) Normal() float64 {
	if s.hasSpare {
		s.hasSpare = false
		return s.spare
	}
	r := math.Sqrt(-2 * math.Log(1-s.Float64())) // 1-u lies in (0, 1]: the logarithm is finite
	sin, cos := math.Sincos(2 * math.Pi * s.Float64())
	s.spare, s.hasSpare = r*sin, true
	return r * cos
}

// Intn returns a uniform integer in [0, n) without bias, by the multiplication
// of Lemire, "Fast random integer generation in an interval", ACM TOMACS 29
// (2019): two words, and two more with probability below n/2^64. It returns 0
// when n < 2.
func (s *Stream) Intn(n int) int {
	if n < 2 {
		return 0
	}
	bound := uint64(n)
	hi, lo := bits.Mul64(s.Uint64(), bound)
	if lo < bound {
		for threshold := -bound % bound; lo < threshold; {
			hi, lo = bits.Mul64(s.Uint64(), bound)
		}
	}
	return int(hi)
}

// Perm returns a uniform permutation of 0 … n-1 (Fisher-Yates; Knuth, TAOCP
// vol. 2, algorithm 3.4.2P). It is empty when n < 1.
func (s *Stream) Perm(n int) []int {
	p := make([]int, max(n, 0))
	for i := range p {
		j := s.Intn(i + 1)
		p[i] = p[j]
		p[j] = i
	}
	return p
}
