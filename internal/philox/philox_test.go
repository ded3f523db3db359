package philox

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The known-answer vectors of the Random123 distribution for philox4x32-10.
func TestBlockKnownAnswers(t *testing.T) {
	for _, tc := range []struct {
		name string
		ctr  [4]uint32
		key  [2]uint32
		want [4]uint32
	}{
		{"all zero", [4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{
			"all ones",
			[4]uint32{math.MaxUint32, math.MaxUint32, math.MaxUint32, math.MaxUint32},
			[2]uint32{math.MaxUint32, math.MaxUint32},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			"digits of pi",
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
			[2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			assert.Equal(t, tc.want, Block(tc.key, tc.ctr))
		})
	}
}

// With the round keys, rounds of the plain kind make a block.
func TestRoundKeys(t *testing.T) {
	key, c := [2]uint32{0xa4093822, 0x299f31d0}, [4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}
	want, keys := Block(key, c), RoundKeys(key)
	for r := range len(keys) / 2 {
		p0, p1 := mul0*uint64(c[0]), mul1*uint64(c[2])
		c = [4]uint32{uint32(p1>>32) ^ c[1] ^ keys[2*r], uint32(p1), uint32(p0>>32) ^ c[3] ^ keys[2*r+1], uint32(p0)}
	}
	assert.Equal(t, want, c)
}

func TestStreamIsBlocksInOrder(t *testing.T) {
	const seed, stream = 0x299f31d0a4093822, 0x0370734413198a2e
	s := NewStream(seed, stream).At(0x85a308d3243f6a88)
	for i, want := range []uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1} {
		assert.Equal(t, want, s.Uint32(), "word %d", i)
	}
	next := NewStream(seed, stream).At(0x85a308d3243f6a89)
	assert.Equal(t, next.Uint64(), s.Uint64(), "the second block follows the first")
}

func TestAtForgetsTheSpareNormal(t *testing.T) {
	s := NewStream(1, 2)
	first := s.Normal()
	s = s.At(0)
	assert.Equal(t, first, s.Normal())
}

func TestCopiesAreIndependent(t *testing.T) {
	a := NewStream(7, 0)
	a.Uint32()
	b := a
	assert.Equal(t, a.Uint64(), b.Uint64())
}

func TestStreamsAndSeedsDiffer(t *testing.T) {
	seen := map[uint64]string{}
	for _, id := range [][2]uint64{{0, 0}, {0, 1}, {1, 0}, {0, 1 << 32}, {1 << 32, 0}, {1, 1}} {
		s := NewStream(id[0], id[1])
		v := s.Uint64()
		assert.NotContains(t, seen, v)
		seen[v] = fmt.Sprint(id)
	}
}

func TestUniformMoments(t *testing.T) {
	const n = 200_000
	s := NewStream(11, 3)
	var sum32, sum64, sq64 float64
	for range n {
		f, d := s.Float32(), s.Float64()
		require.True(t, f >= 0 && f < 1 && d >= 0 && d < 1)
		sum32 += float64(f)
		sum64 += d
		sq64 += d * d
	}
	assert.InDelta(t, 0.5, sum32/n, 0.003)
	assert.InDelta(t, 0.5, sum64/n, 0.003)
	assert.InDelta(t, 1.0/3, sq64/n, 0.003)
}

func TestNormalMoments(t *testing.T) {
	const n = 200_000
	s := NewStream(5, 0)
	var m1, m2, m3, m4 float64
	for range n {
		x := s.Normal()
		m1 += x / n
		m2 += x * x / n
		m3 += x * x * x / n
		m4 += x * x * x * x / n
	}
	assert.InDelta(t, 0, m1, 0.01)
	assert.InDelta(t, 1, m2, 0.015)
	assert.InDelta(t, 0, m3, 0.04)
	assert.InDelta(t, 3, m4, 0.12)
}

func TestIntn(t *testing.T) {
	s := NewStream(1, 0)
	for _, n := range []int{-1, 0, 1} {
		assert.Zero(t, s.Intn(n))
	}
	const n, draws = 7, 70_000
	var count [n]int
	for range draws {
		count[s.Intn(n)]++
	}
	var chi2 float64
	for _, c := range count {
		d := float64(c) - draws/n
		chi2 += d * d / (draws / n)
	}
	assert.Less(t, chi2, 22.5, "chi-squared with 6 degrees of freedom, p = 0.001")
	for range 1000 {
		assert.GreaterOrEqual(t, s.Intn(math.MaxInt), 0)
	}
}

func TestPerm(t *testing.T) {
	for _, n := range []int{-3, 0, 1, 2, 1000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := NewStream(9, 9)
			p := s.Perm(n)
			require.Len(t, p, max(n, 0))
			sorted := slices.Clone(p)
			slices.Sort(sorted)
			for i, v := range sorted {
				require.Equal(t, i, v)
			}
		})
	}
	s := NewStream(9, 9)
	assert.False(t, slices.IsSorted(s.Perm(1000)))
}

func TestPermIsUniform(t *testing.T) {
	s := NewStream(2, 0)
	count := map[string]int{}
	const draws = 24_000
	for range draws {
		count[fmt.Sprint(s.Perm(4))]++
	}
	require.Len(t, count, 24)
	for p, c := range count {
		assert.InDelta(t, draws/24, c, 160, "permutation %s", p) // five standard deviations
	}
}

func BenchmarkUint32(b *testing.B) {
	s := NewStream(1, 0)
	var x uint32
	for b.Loop() {
		x ^= s.Uint32()
	}
	_ = x
	b.ReportMetric(4*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
}

func BenchmarkNormal(b *testing.B) {
	s := NewStream(1, 0)
	for b.Loop() {
		s.Normal()
	}
}

func BenchmarkBlock(b *testing.B) {
	var sum uint32
	var i uint32
	for b.Loop() {
		i++
		sum ^= Block([2]uint32{1, 2}, [4]uint32{i})[0]
	}
	_ = sum
	b.ReportMetric(16*float64(b.N)/b.Elapsed().Seconds()/1e9, "GB/s")
}
