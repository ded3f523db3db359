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
	prim, err := NewDropout(DropoutDesc{N: n, C: 1, Spatial: 1, P: p, Stream: stream})
	assert.Equal(t, want, check(t, must(t, prim, err), [][]float32{src}, n)[0])
}

func TestDropoutKeepsTheExpectedShare(t *testing.T) {
	const n = 200_000
	ones := make([]float32, n)
	fill(ones, 1)
	for _, p := range []float32{0, 0.01, 0.2, 0.5, 0.99} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			prim, err := NewDropout(DropoutDesc{N: n, C: 1, Spatial: 1, P: p, Stream: 7})
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
		p, err := NewDropout(DropoutDesc{N: n, C: 1, Spatial: 1, P: 0.5, Stream: stream})
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

// TestDropoutOfSamplesSideBySide: in NCX16n every element has the draw that it has in
// plain order.
func TestDropoutOfSamplesSideBySide(t *testing.T) {
	for _, shape := range [][]int{{16, 4, 1}, {32, 1, 20}, {48, 4, 13}, {16, 8, 3 * 7 * 11}} {
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			d := DropoutDesc{N: shape[0], C: shape[1], Spatial: shape[2], P: 0.3, Stream: 5}
			plain, err := NewDropout(d)
			src := noise(NCX.Size(shape), 1)
			want := check(t, must(t, plain, err), [][]float32{src}, len(src))[0]

			d.Layout = NCX16n
			blocked, err := NewDropout(d)
			got := check(t, must(t, blocked, err), [][]float32{laidOut(NCX16n, shape, src)}, len(src))[0]
			assert.Equal(t, want, plainly(NCX16n, shape, got))
		})
	}
}

// TestDropoutCellsFromAnywhere: a piece may begin and end within a block of draws.
func TestDropoutCellsFromAnywhere(t *testing.T) {
	kernel := currentLoops().dropoutCells
	d := dropping{seed: 3, stream: 1 << 40, block: 5<<32 | 77, least: 1 << 22, factor: 1.5}
	for first := range 4 {
		for _, cells := range []int{1, 2, 3, 4, 5, 11, 4096, 4101} {
			src := noise(cells*Block, uint64(cells))
			want, got := make([]float32, len(src)), make([]float32, len(src))
			dropoutCellsPortable(d, 1000, first, want, src)
			kernel(d, 1000, first, got, src)
			require.Equal(t, want, got, "%d cells from %d", cells, first)
		}
	}
}
