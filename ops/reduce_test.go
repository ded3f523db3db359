package ops

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

var reductions = []struct {
	name         string
	rows, length int
}{
	{"one element", 1, 1},
	{"no rows", 0, 5},
	{"rows of one", 13, 1},
	{"primes", 7, 11},
	{"a part exactly", 3, elementsPerPart},
	{"one more than a part", 3, elementsPerPart + 1},
	{"many rows", 2*elementsPerPart + 1, 3},
	{"one long row", 1, 5*elementsPerPart + 7},
}

func TestReduce(t *testing.T) {
	for _, tc := range reductions {
		for _, mean := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, mean %v", tc.name, mean), func(t *testing.T) {
				src, want := noise(tc.rows*tc.length, 1), make([]float64, tc.rows)
				for i, v := range src {
					want[i/tc.length] += float64(v)
				}
				if mean {
					for i := range want {
						want[i] /= float64(tc.length)
					}
				}
				p, err := NewReduce(tc.rows, tc.length, mean)
				got := check(t, must(t, p, err), [][]float32{src}, tc.rows)[0]
				assertNear(t, want, got, 1e-7, "sums")
			})
		}
	}
}

func TestReduceKeepsSmallNumbersBesideLargeOnes(t *testing.T) {
	src := make([]float32, 1<<20)
	fill(src, 1)
	src[0], src[len(src)-1] = 1e9, -1e9 // a float32 sum would lose every 1 on the way
	p, err := NewReduce(1, len(src), false)
	got := check(t, must(t, p, err), [][]float32{src}, 1)[0]
	assert.Equal(t, []float32{1<<20 - 2}, got)
}

func TestReduceOfEmptyRows(t *testing.T) {
	p, err := NewReduce(3, 0, false)
	assert.Equal(t, []float32{0, 0, 0}, check(t, must(t, p, err), [][]float32{{}}, 3)[0])
	p, err = NewReduce(1, 0, true)
	assert.True(t, math.IsNaN(float64(check(t, must(t, p, err), [][]float32{{}}, 1)[0][0])))
}

func TestBroadcastIsTheAdjointOfReduce(t *testing.T) {
	for _, tc := range reductions {
		t.Run(tc.name, func(t *testing.T) {
			n := tc.rows * tc.length
			x, y := integers(n, 8, 1), integers(tc.rows, 8, 2)
			p, err := NewReduce(tc.rows, tc.length, false)
			sums := check(t, must(t, p, err), [][]float32{x}, tc.rows)[0]
			p, err = NewBroadcast(tc.rows, tc.length, 1)
			wide := check(t, must(t, p, err), [][]float32{y}, n)[0]
			assert.Equal(t, scalarProduct(sums, y), scalarProduct(x, wide))
		})
	}
}

func TestBroadcastScales(t *testing.T) {
	p, err := NewBroadcast(2, 3, 0.25)
	got := check(t, must(t, p, err), [][]float32{{4, -8}}, 6)[0]
	assert.Equal(t, []float32{1, 1, 1, -2, -2, -2}, got)
}

func TestWeightedSum(t *testing.T) {
	weights := []float32{2, 0.125, 0.125}
	p, err := NewWeightedSum(weights)
	must(t, p, err)
	weights[0] = 100 // the primitive has a copy
	got := check(t, p, [][]float32{{1}, {8}, {-16}}, 1)[0]
	assert.Equal(t, []float32{1}, got)
}

func BenchmarkReduce(b *testing.B) {
	for _, tc := range []struct {
		name         string
		rows, length int
	}{
		{"64 showers of 25x25x25", 64, 25 * 25 * 25},
		{"one row of 1 Mi", 1, 1 << 20},
	} {
		b.Run("sum/"+tc.name, func(b *testing.B) {
			p, err := NewReduce(tc.rows, tc.length, false)
			benchmark(b, must(b, p, err), [][]float32{noise(tc.rows*tc.length, 1)}, tc.rows)
		})
		b.Run("broadcast/"+tc.name, func(b *testing.B) {
			p, err := NewBroadcast(tc.rows, tc.length, 1)
			benchmark(b, must(b, p, err), [][]float32{noise(tc.rows, 1)}, tc.rows*tc.length)
		})
	}
}

func BenchmarkSpatialReduce(b *testing.B) {
	d := SpatialDesc{N: 16, C: 2048, Spatial: 49, Mean: true}
	for _, l := range []Layout{NCX, NCX16c, NCX16n} {
		d.Layout = l
		tensor, values := l.Size([]int{d.N, d.C, d.Spatial}), d.N*d.C
		b.Run("sums/"+l.String(), func(b *testing.B) {
			p, err := NewSpatialReduce(d)
			benchmark(b, must(b, p, err), [][]float32{noise(tensor, 1)}, values)
		})
		b.Run("broadcast/"+l.String(), func(b *testing.B) {
			p, err := NewSpatialBroadcast(d)
			benchmark(b, must(b, p, err), [][]float32{noise(values, 1)}, tensor)
		})
	}
}

func BenchmarkConcatChannels(b *testing.B) {
	for _, c := range [][]int{{64, 32, 32}, {64, 24, 40}} {
		d := ConcatDesc{N: 16, C: c, Spatial: 28 * 28}
		for _, l := range []Layout{NCX, NCX16c, NCX16n} {
			d.Layout = l
			b.Run(fmt.Sprintf("%v/%s", c, l), func(b *testing.B) {
				var in [][]float32
				for i, n := range c {
					in = append(in, noise(l.Size([]int{d.N, n, d.Spatial}), uint64(i)))
				}
				p, err := NewConcatChannels(d)
				benchmark(b, must(b, p, err), in, l.Size([]int{d.N, 128, d.Spatial}))
			})
		}
	}
}
