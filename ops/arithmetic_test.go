package ops

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// awkwardLengths are lengths at which the split into parts may go wrong.
var awkwardLengths = []int{0, 1, 7, elementsPerPart - 1, elementsPerPart, elementsPerPart + 1, 3*elementsPerPart + 5}

func TestSum(t *testing.T) {
	for _, n := range awkwardLengths {
		for _, k := range []int{1, 2, 5} {
			t.Run(fmt.Sprintf("%d of %d", k, n), func(t *testing.T) {
				var in [][]float32
				want := make([]float32, n)
				for j := range k {
					in = append(in, integers(n, 1000, uint64(j)))
					for i, v := range in[j] {
						want[i] += v
					}
				}
				p, err := NewSum(n, k)
				assert.Equal(t, want, check(t, must(t, p, err), in, n)[0])
			})
		}
	}
}

func TestSumAddsInOrder(t *testing.T) {
	p, err := NewSum(1, 3)
	got := check(t, must(t, p, err), [][]float32{{1e8}, {-1e8}, {1}}, 1)[0]
	assert.Equal(t, []float32{1}, got)
}

func TestMulAndScale(t *testing.T) {
	for _, n := range awkwardLengths {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			a, b := integers(n, 100, 1), integers(n, 100, 2)
			product, scaled := make([]float32, n), make([]float32, n)
			for i := range a {
				product[i], scaled[i] = a[i]*b[i], a[i]*-0.5
			}
			p, err := NewMul(n)
			assert.Equal(t, product, check(t, must(t, p, err), [][]float32{a, b}, n)[0])
			p, err = NewScale(n, -0.5)
			assert.Equal(t, scaled, check(t, must(t, p, err), [][]float32{a}, n)[0])
		})
	}
}

func TestCopy(t *testing.T) {
	for _, n := range awkwardLengths {
		src := noise(n, 1)
		p, err := NewCopy(n)
		assert.Equal(t, src, check(t, must(t, p, err), [][]float32{src}, n)[0])
	}
}

func BenchmarkArithmetic(b *testing.B) {
	const n = 1 << 20
	x, y := noise(n, 1), noise(n, 2)
	for _, tc := range []struct {
		name string
		make func() (Primitive, error)
		in   [][]float32
	}{
		{"copy", func() (Primitive, error) { return NewCopy(n) }, [][]float32{x}},
		{"scale", func() (Primitive, error) { return NewScale(n, 3) }, [][]float32{x}},
		{"sum of two", func() (Primitive, error) { return NewSum(n, 2) }, [][]float32{x, y}},
		{"mul", func() (Primitive, error) { return NewMul(n) }, [][]float32{x, y}},
		{"dropout", func() (Primitive, error) { return NewDropout(DropoutDesc{N: n, C: 1, Spatial: 1, P: 0.2, Stream: 1}) }, [][]float32{x}},
		{"moving average", func() (Primitive, error) { return NewMovingAverage(n, 0.9, 1) }, [][]float32{x, y}},
	} {
		b.Run(tc.name, func(b *testing.B) {
			p, err := tc.make()
			benchmark(b, must(b, p, err), tc.in, n)
		})
	}
}
