package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func blockedNorms(n, c, spatial int, post Activation) []laidOutLayer {
	d := BatchNormDesc{N: n, C: c, Spatial: spatial, Eps: 1e-5, Post: post}
	src, diff, gamma, beta := noise(n*c*spatial, 1), noise(n*c*spatial, 2), noise(c, 3), noise(c, 4)
	mean, variance := noise(c, 5), noise(c, 6)
	for i := range variance {
		variance[i] = variance[i]*variance[i] + 0.1
	}
	for i := range src {
		src[i] += 10
		diff[i]++
	}
	tensor, vector := []int{n, c, spatial}, []int{c}
	in := func(l Layout) BatchNormDesc { e := d; e.Layout = l; return e }
	return []laidOutLayer{
		{
			func(l Layout) (Primitive, error) { return NewBatchNorm(in(l)) },
			[][]float32{src, gamma, beta},
			[][]int{tensor, vector, vector},
			[][]int{tensor, vector, vector},
			3e-7,
		},
		{
			func(l Layout) (Primitive, error) { return NewBatchNormInference(in(l)) },
			[][]float32{src, gamma, beta, mean, variance},
			[][]int{tensor, vector, vector, vector, vector},
			[][]int{tensor},
			0,
		},
		{
			func(l Layout) (Primitive, error) { return NewBatchNormBackward(in(l)) },
			[][]float32{diff, src, gamma, mean, variance},
			[][]int{tensor, tensor, vector, vector, vector},
			[][]int{tensor, vector, vector},
			3e-7,
		},
	}
}

func TestBatchNormInBlocks(t *testing.T) {
	eachBlockedBatch(t, func(n, c int) []laidOutLayer {
		layers := blockedNorms(n, c, 7, Activation{})
		return append(layers, blockedNorms(n, c, 1200, Activation{Kind: ReLU})...)
	})
}

func TestBatchNormOfAnEmptyBatchInBlocks(t *testing.T) {
	d := BatchNormDesc{N: 0, C: 3, Spatial: 4, Eps: 1e-5}
	three := []float32{1, 2, 3}
	for _, l := range []Layout{NCX16c, NCX16n} {
		d.Layout = l
		p, err := NewBatchNorm(d)
		out := check(t, must(t, p, err), [][]float32{{}, three, three}, 0, 3, 3)
		assert.True(t, math.IsNaN(float64(out[1][0])) && math.IsNaN(float64(out[2][2])), "nothing has no mean")
		p, err = NewBatchNormBackward(d)
		out = check(t, must(t, p, err), [][]float32{{}, {}, three, three, three}, 0, 3, 3)
		assert.Equal(t, [][]float32{{}, {0, 0, 0}, {0, 0, 0}}, out)
	}
}

func TestBatchNormInBlocksWithoutParameters(t *testing.T) {
	s := blockedNorms(16, 17, 5, Activation{})[2]
	for _, l := range []Layout{NCX16c, NCX16n} {
		p, err := s.make(l)
		var in [][]float32
		for i, shape := range s.inShapes {
			in = append(in, laidOut(l, shape, s.in[i]))
		}
		n := l.Size(s.inShapes[0])
		want := check(t, must(t, p, err), in, n, 17, 17)
		got := check(t, p, in, n, -1, -1)
		requireSameBits(t, want[0], got[0], "diffSrc")
	}
}
