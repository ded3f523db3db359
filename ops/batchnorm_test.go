package ops

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var batchNormShapes = []struct {
	name          string
	n, c, spatial int
}{
	{"one element", 1, 1, 1},
	{"one element to a channel", 1, 5, 1},
	{"primes", 3, 17, 61},
	{"after a dense layer", 64, 1031, 1},
	{"a large batch of vectors", 20_011, 3, 1},
	{"small maps", 16, 40, 49},
	{"two positions", 31, 19, 2},
	{"one more than a part", 1, 2, elementsPerPart + 1},
	{"volumes", 3, 2, 25 * 25 * 25},
}

// norm64 is batch normalisation of one tensor by its definition, in two passes.
type norm64 struct {
	d              BatchNormDesc
	gamma, beta    []float32
	mean, variance []float64
}

func (b *norm64) forward(x []float64) []float64 {
	m := float64(b.d.N * b.d.Spatial)
	b.mean, b.variance = make([]float64, b.d.C), make([]float64, b.d.C)
	channel := func(i int) int { return i / b.d.Spatial % b.d.C }
	for i, v := range x {
		b.mean[channel(i)] += v / m
	}
	for i, v := range x {
		b.variance[channel(i)] += math.Pow(v-b.mean[channel(i)], 2) / m
	}
	y := make([]float64, len(x))
	for i, v := range x {
		c := channel(i)
		y[i] = float64(b.gamma[c])*(v-b.mean[c])/math.Sqrt(b.variance[c]+float64(b.d.Eps)) + float64(b.beta[c])
	}
	return y
}

// backward must follow forward.
func (b *norm64) backward(x []float64, diff []float32) (dx, dGamma, dBeta []float64) {
	m := float64(b.d.N * b.d.Spatial)
	dx, dGamma, dBeta = make([]float64, len(x)), make([]float64, b.d.C), make([]float64, b.d.C)
	hat := func(i, c int) float64 { return (x[i] - b.mean[c]) / math.Sqrt(b.variance[c]+float64(b.d.Eps)) }
	for i, g := range diff {
		c := i / b.d.Spatial % b.d.C
		dGamma[c] += float64(g) * hat(i, c)
		dBeta[c] += float64(g)
	}
	for i, g := range diff {
		c := i / b.d.Spatial % b.d.C
		dx[i] = float64(b.gamma[c]) / math.Sqrt(b.variance[c]+float64(b.d.Eps)) *
			(float64(g) - dBeta[c]/m - hat(i, c)*dGamma[c]/m)
	}
	return dx, dGamma, dBeta
}

// normProblem is a batch with a mean and a standard deviation.
func normProblem(n, c, spatial int, mean, std float32) (ref *norm64, src, diff []float32) {
	ref = &norm64{d: BatchNormDesc{N: n, C: c, Spatial: spatial, Eps: 1e-5}, gamma: noise(c, 1), beta: noise(c, 2)}
	src, diff = noise(n*c*spatial, 3), noise(n*c*spatial, 4)
	for i, v := range src {
		src[i] = mean + std*v
		diff[i]++ // a gradient with a mean of its own
	}
	return ref, src, diff
}

func checkBatchNorm(t *testing.T, ref *norm64, src, diff []float32, tolerance float64) {
	t.Helper()
	want := ref.forward(widen(src))
	p, err := NewBatchNorm(ref.d)
	out := check(t, must(t, p, err), [][]float32{src, ref.gamma, ref.beta}, len(src), ref.d.C, ref.d.C)
	assertNear(t, want, out[0], tolerance, "dst")
	for c := range ref.d.C {
		require.InDelta(t, ref.mean[c], float64(out[1][c]), 1e-7*math.Abs(ref.mean[c])+1e-9, "mean")
		require.InDelta(t, ref.variance[c], float64(out[2][c]), 1e-6*ref.variance[c], "variance")
	}
	dx, dGamma, dBeta := ref.backward(widen(src), diff)
	p, err = NewBatchNormBackward(ref.d)
	in := [][]float32{diff, src, ref.gamma, out[1], out[2]}
	got := check(t, must(t, p, err), in, len(src), ref.d.C, ref.d.C)
	if ref.d.N*ref.d.Spatial > 1 { // of one element the gradient is 0 but for rounding
		assertNear(t, dx, got[0], tolerance, "diffSrc")
		assertNear(t, dGamma, got[1], tolerance, "diffGamma")
	}
	assertNear(t, dBeta, got[2], 1e-6, "diffBeta")
}

func TestBatchNorm(t *testing.T) {
	for _, s := range batchNormShapes {
		t.Run(s.name, func(t *testing.T) {
			ref, src, diff := normProblem(s.n, s.c, s.spatial, 0.5, 2)
			checkBatchNorm(t, ref, src, diff, 2e-6)
		})
	}
}

func TestBatchNormOfLargeMean(t *testing.T) {
	for _, s := range batchNormShapes {
		if s.n*s.spatial == 1 {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			ref, src, diff := normProblem(s.n, s.c, s.spatial, 1e4, 1)
			checkBatchNorm(t, ref, src, diff, 5e-6)
		})
	}
}

func TestBatchNormOfAnOutlierInFront(t *testing.T) {
	ref, src, diff := normProblem(1, 1, 3*elementsPerPart, 0, 1)
	src[0] = 1e7
	checkBatchNorm(t, ref, src, diff, 5e-6)
}

func TestBatchNormOfConstants(t *testing.T) {
	ref, src, _ := normProblem(4, 3, 50, 0, 1)
	fill(src, 12345.678)
	p, err := NewBatchNorm(ref.d)
	out := check(t, must(t, p, err), [][]float32{src, ref.gamma, ref.beta}, len(src), 3, 3)
	assert.Equal(t, []float32{0, 0, 0}, out[2])
	for i, v := range out[0] {
		require.Equal(t, ref.beta[i/50%3], v)
	}
}

func TestBatchNormGradientMatchesDifferences(t *testing.T) {
	ref, src, diff := normProblem(3, 2, 5, 0.3, 1.5)
	loss := func(x []float64) float64 { return against(ref.forward(x), diff) }
	dx := slope(src, loss)
	ref.forward(widen(src))
	p, err := NewBatchNorm(ref.d)
	stats := check(t, must(t, p, err), [][]float32{src, ref.gamma, ref.beta}, len(src), 2, 2)
	p, err = NewBatchNormBackward(ref.d)
	got := check(t, must(t, p, err), [][]float32{diff, src, ref.gamma, stats[1], stats[2]}, len(src), 2, 2)
	assertNear(t, dx, got[0], 1e-5, "diffSrc")
	_, dGamma, dBeta := ref.backward(widen(src), diff)
	assertNear(t, dGamma, got[1], 1e-6, "diffGamma")
	assertNear(t, dBeta, got[2], 1e-6, "diffBeta")
}

func TestBatchNormBackwardWithoutParameters(t *testing.T) {
	ref, src, diff := normProblem(3, 4, 5, 0, 1)
	ones := []float32{1, 1, 1, 1}
	in := [][]float32{diff, src, ref.gamma, ref.beta, ones}
	p, err := NewBatchNormBackward(ref.d)
	want := check(t, must(t, p, err), in, len(src), 4, 4)
	got := check(t, p, in, len(src), -1, -1)
	requireSameBits(t, want[0], got[0], "diffSrc")
	got = check(t, p, in, len(src), 4, -1)
	requireSameBits(t, want[1], got[1], "diffGamma")
}

func TestBatchNormAppliesItsActivation(t *testing.T) {
	for _, tc := range activations {
		t.Run(tc.name, func(t *testing.T) {
			ref, src, _ := normProblem(3, 5, 7, 0, 1)
			in := [][]float32{src, ref.gamma, ref.beta}
			p, err := NewBatchNorm(ref.d)
			want := check(t, must(t, p, err), in, len(src), 5, 5)[0]
			currentLoops().post(tc.a, want)
			ref.d.Post = tc.a
			p, err = NewBatchNorm(ref.d)
			requireSameBits(t, want, check(t, must(t, p, err), in, len(src), 5, 5)[0], "dst")
		})
	}
}

func TestBatchNormInference(t *testing.T) {
	for _, s := range batchNormShapes {
		t.Run(s.name, func(t *testing.T) {
			ref, src, _ := normProblem(s.n, s.c, s.spatial, 1e4, 1)
			mean, variance, want := noise(s.c, 5), noise(s.c, 6), make([]float64, len(src))
			for c := range mean {
				mean[c] += 1e4
				variance[c] = variance[c]*variance[c] + 0.1
			}
			for i, v := range src {
				c := i / s.spatial % s.c
				want[i] = float64(ref.gamma[c])*(float64(v)-float64(mean[c]))/
					math.Sqrt(float64(variance[c])+float64(ref.d.Eps)) + float64(ref.beta[c])
			}
			p, err := NewBatchNormInference(ref.d)
			got := check(t, must(t, p, err), [][]float32{src, ref.gamma, ref.beta, mean, variance}, len(src))[0]
			assertNear(t, want, got, 1e-6, "dst")
		})
	}
}

func TestBatchNormOfAnEmptyBatch(t *testing.T) {
	d := BatchNormDesc{N: 0, C: 3, Spatial: 4, Eps: 1e-5}
	three := []float32{1, 2, 3}
	p, err := NewBatchNorm(d)
	out := check(t, must(t, p, err), [][]float32{{}, three, three}, 0, 3, 3)
	assert.True(t, math.IsNaN(float64(out[1][0])) && math.IsNaN(float64(out[2][2])), "nothing has no mean")
	p, err = NewBatchNormBackward(d)
	out = check(t, must(t, p, err), [][]float32{{}, {}, three, three, three}, 0, 3, 3)
	assert.Equal(t, [][]float32{{}, {0, 0, 0}, {0, 0, 0}}, out)
	p, err = NewBatchNormInference(d)
	check(t, must(t, p, err), [][]float32{{}, three, three, three, three}, 0)
}

func TestBatchNormKeepsNaN(t *testing.T) {
	ref, src, _ := normProblem(3, 2, 5, 0, 1)
	src[5] = float32(math.NaN()) // of channel 1
	p, err := NewBatchNorm(ref.d)
	out := check(t, must(t, p, err), [][]float32{src, ref.gamma, ref.beta}, len(src), 2, 2)
	for i, v := range out[0] {
		require.Equal(t, i/5%2 == 1, math.IsNaN(float64(v)), "element %d", i)
	}
}

func TestMovingAverage(t *testing.T) {
	for _, n := range awkwardLengths {
		batch, running, want := noise(n, 1), noise(n, 2), make([]float64, n)
		for i := range want {
			want[i] = 0.9*float64(running[i]) + 0.1*1.25*float64(batch[i])
		}
		p, err := NewMovingAverage(n, 0.9, 1.25)
		assertNear(t, want, check(t, must(t, p, err), [][]float32{batch, running}, n)[0], 1e-6, "average")
		p.Exec(NewExec(checkPools()[1], p), [][]float32{batch, running}, [][]float32{running})
		assertNear(t, want, running, 1e-6, "in the memory of the old one")
	}
}

func TestMovingAverageOfOneStepIsTheBatch(t *testing.T) {
	p, err := NewMovingAverage(1, 0, 1)
	got := check(t, must(t, p, err), [][]float32{{7}, {3}}, 1)[0]
	assert.Equal(t, []float32{7}, got)
}

func BenchmarkBatchNorm(b *testing.B) {
	for _, s := range []struct {
		name string
		d    BatchNormDesc
	}{
		{"volumes 8x25x25x25", BatchNormDesc{N: 32, C: 8, Spatial: 25 * 25 * 25, Eps: 1e-5}},
		{"maps 64x56x56", BatchNormDesc{N: 16, C: 64, Spatial: 56 * 56, Eps: 1e-5}},
		{"maps 2048x7x7", BatchNormDesc{N: 16, C: 2048, Spatial: 49, Eps: 1e-5}},
		{"dense 1024", BatchNormDesc{N: 256, C: 1024, Spatial: 1, Eps: 1e-5}},
	} {
		for _, l := range []Layout{NCX, NCX16c, NCX16n} {
			s.d.Layout = l
			benchmarkBatchNorm(b, fmt.Sprintf("%s/%s", s.name, l), s.d)
		}
	}
}

func benchmarkBatchNorm(b *testing.B, name string, d BatchNormDesc) {
	n, c := d.Layout.Size([]int{d.N, d.C, d.Spatial}), d.C
	x, diff, v := noise(n, 1), noise(n, 2), make([]float32, c)
	fill(v, 1)
	b.Run("forward/"+name, func(b *testing.B) {
		p, err := NewBatchNorm(d)
		benchmark(b, must(b, p, err), [][]float32{x, v, v}, n, c, c)
	})
	b.Run("inference/"+name, func(b *testing.B) {
		p, err := NewBatchNormInference(d)
		benchmark(b, must(b, p, err), [][]float32{x, v, v, v, v}, n)
	})
	b.Run("backward/"+name, func(b *testing.B) {
		p, err := NewBatchNormBackward(d)
		benchmark(b, must(b, p, err), [][]float32{diff, x, v, v, v}, n, c, c)
	})
}
