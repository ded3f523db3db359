package ops

import (
	"fmt"
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dropped executes dropout at a place of a run.
func dropped(t *testing.T, p Primitive, src []float32, seed, step uint64) []float32 {
	t.Helper()
	x, dst := NewExec(checkPools()[1], p), make([]float32, len(src))
	x.Seed, x.Step = seed, step
	p.Exec(x, [][]float32{src}, [][]float32{dst})
	return dst
}

func TestDropoutDrawsFromPhilox(t *testing.T) {
	const n, p, stream = 2*elementsPerPart + 3, 0.3, 1<<40 + 9
	seed, step := uint64(42), uint64(3) // those of check
	src, want := noise(n, 1), make([]float32, n)
	for i, v := range src {
		key := [2]uint32{uint32(seed), uint32(seed >> 32)}
		words := philox.Block(key, [4]uint32{uint32(i / 4), uint32(step), uint32(stream & math.MaxUint32), uint32(stream >> 32)})
		if float32(words[i%4]>>8)/(1<<24) >= p {
			want[i] = v * float32(1/(1-float64(float32(p))))
		}
	}
	prim, err := NewDropout(n, p, stream)
	assert.Equal(t, want, check(t, must(t, prim, err), [][]float32{src}, n)[0])
}

func TestDropoutKeepsTheExpectedShare(t *testing.T) {
	const n = 200_000
	ones := make([]float32, n)
	fill(ones, 1)
	for _, p := range []float32{0, 0.01, 0.2, 0.5, 0.99} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			prim, err := NewDropout(n, p, 7)
			dst := dropped(t, must(t, prim, err), ones, 1, 0)
			kept, mean := 0.0, 0.0
			for _, v := range dst {
				if v != 0 {
					kept++
				}
				mean += float64(v) / n
			}
			q := 1 - float64(p)
			sigma := math.Sqrt(q*float64(p)/n) + 1e-12
			assert.InDelta(t, q, kept/n, 5*sigma)
			assert.InDelta(t, 1, mean, 5*sigma/q+1e-6)
		})
	}
}

func TestDropoutMaskIsOfItsPlaceInTheRun(t *testing.T) {
	const n = 1000
	ones := make([]float32, n)
	fill(ones, 1)
	prim := func(stream uint64) Primitive {
		p, err := NewDropout(n, 0.5, stream)
		return must(t, p, err)
	}
	first := dropped(t, prim(1), ones, 1, 1)
	assert.Equal(t, first, dropped(t, prim(1), ones, 1, 1), "the backward pass draws the mask again")
	for _, other := range []struct {
		name               string
		stream, seed, step uint64
	}{
		{"another stream", 2, 1, 1},
		{"another seed", 1, 2, 1},
		{"another step", 1, 1, 2},
		{"the stream's upper half", 1 << 32, 1, 1},
		{"the seed's upper half", 1, 1 << 32, 1},
	} {
		differ := 0
		for i, v := range dropped(t, prim(other.stream), ones, other.seed, other.step) {
			if v != first[i] {
				differ++
			}
		}
		require.InDelta(t, n/2, differ, 100, other.name)
	}
}
