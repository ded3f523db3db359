package ops

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gathering adds up what several goroutines give, in the order in which they are numbered.
type gathering struct {
	n      int
	mu     sync.Mutex
	all    *sync.Cond
	given  [][]float64
	came   int
	left   int
	rounds int
}

func newGathering(n int) *gathering {
	g := &gathering{n: n, given: make([][]float64, n)}
	g.all = sync.NewCond(&g.mu)
	return g
}

// sum is BatchNormDesc.Sum of part number i.
func (g *gathering) sum(i int, x []float64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.left > 0 { // the round before is not over
		g.all.Wait()
	}
	g.given[i] = append([]float64(nil), x...)
	g.came++
	if g.came == g.n {
		g.left, g.rounds = g.n, g.rounds+1
		g.all.Broadcast()
	}
	for g.left == 0 {
		g.all.Wait()
	}
	clear(x)
	for _, y := range g.given {
		for k, v := range y {
			x[k] += v
		}
	}
	g.left--
	if g.left == 0 {
		g.came = 0
		g.all.Broadcast()
	}
}

// partsOfNorm carries batch normalisation and its gradient out for a batch in parts of so many
// samples, each in a goroutine of its own, and returns the results in plain layout: dst, mean,
// variance, diffSrc, diffGamma and diffBeta of each part.
func partsOfNorm(t *testing.T, d BatchNormDesc, parts []int, in normInputs) [][][]float32 {
	t.Helper()
	results, g := make([][][]float32, len(parts)), newGathering(len(parts))
	var all sync.WaitGroup
	first := 0
	for i, n := range parts {
		part := d
		part.N, part.Sum = n, func(x []float64) { g.sum(i, x) }
		lo, hi := first*d.C*d.Spatial, (first+n)*d.C*d.Spatial
		first += n
		all.Go(func() { results[i] = execNorm(t, part, in.src[lo:hi], in.diff[lo:hi], in) })
	}
	all.Wait()
	require.Equal(t, 3, g.rounds)
	return results
}

type normInputs struct{ src, diff, gamma, beta []float32 }

// execNorm executes both primitives once: a check in several ways would exchange as often.
func execNorm(t *testing.T, d BatchNormDesc, src, diff []float32, in normInputs) [][]float32 {
	pool := NewPool(2)
	defer pool.Close()
	shape, n := []int{d.N, d.C, d.Spatial}, d.Layout.Size([]int{d.N, d.C, d.Spatial})
	x, dy := laidOut(d.Layout, shape, src), laidOut(d.Layout, shape, diff)
	dst, mean, variance := Alloc(n), Alloc(d.C), Alloc(d.C)
	dx, dGamma, dBeta := Alloc(n), Alloc(d.C), Alloc(d.C)
	forward, err := NewBatchNorm(d)
	if !assert.NoError(t, err) {
		return nil
	}
	forward.Exec(NewExec(pool, forward), [][]float32{x, in.gamma, in.beta}, [][]float32{dst, mean, variance})
	backward, err := NewBatchNormBackward(d)
	if !assert.NoError(t, err) {
		return nil
	}
	backward.Exec(NewExec(pool, backward), [][]float32{dy, x, in.gamma, mean, variance}, [][]float32{dx, dGamma, dBeta})
	return [][]float32{plainly(d.Layout, shape, dst), mean, variance, plainly(d.Layout, shape, dx), dGamma, dBeta}
}

// TestBatchNormInPartsIsThatOfTheWholeBatch: parts of any size give what the whole batch
// does by its definition, and the same bits of mean and variance.
func TestBatchNormInPartsIsThatOfTheWholeBatch(t *testing.T) {
	for _, tc := range []struct {
		name       string
		c, spatial int
		mean       float32
		parts      []int
		layouts    []Layout
	}{
		{"two halves", 17, 61, 0.5, []int{4, 4}, []Layout{NCX, NCX16c}},
		{"three parts of several sizes", 5, 49, 0.5, []int{1, 7, 2}, []Layout{NCX, NCX16c}},
		{"blocks of samples", 3, 20, 0.5, []int{16, 32}, []Layout{NCX, NCX16c, NCX16n}},
		{"after a dense layer", 300, 1, 0.5, []int{3, 5}, []Layout{NCX, NCX16c}},
		{"one value to a channel and part", 6, 1, 0.5, []int{1, 1, 1}, []Layout{NCX, NCX16c}},
		{"a part without samples", 6, 9, 0.5, []int{3, 0, 2}, []Layout{NCX, NCX16c}},
		{"a large mean", 6, 500, 1e4, []int{2, 3}, []Layout{NCX, NCX16c}},
		{"enough for several pieces", 2, elementsPerPart + 1, 0.5, []int{1, 2}, []Layout{NCX, NCX16c}},
	} {
		for _, l := range tc.layouts {
			t.Run(fmt.Sprintf("%s, %s", tc.name, l), func(t *testing.T) {
				total := 0
				for _, n := range tc.parts {
					total += n
				}
				ref, src, diff := normProblem(total, tc.c, tc.spatial, tc.mean, 2)
				src[0] += 50 // the parts have means of their own
				d := ref.d
				d.Layout = l
				got := partsOfNorm(t, d, tc.parts, normInputs{src, diff, ref.gamma, ref.beta})
				checkParts(t, ref, src, diff, got)
			})
		}
	}
}

func checkParts(t *testing.T, ref *norm64, src, diff []float32, got [][][]float32) {
	t.Helper()
	want := ref.forward(widen(src))
	dx, dGamma, dBeta := ref.backward(widen(src), diff)
	var dst, diffSrc []float32
	gamma, beta := make([]float32, ref.d.C), make([]float32, ref.d.C)
	for _, part := range got {
		requireSameBits(t, got[0][1], part[1], "mean")
		requireSameBits(t, got[0][2], part[2], "variance")
		dst, diffSrc = append(dst, part[0]...), append(diffSrc, part[3]...)
		for c := range gamma {
			gamma[c] += part[4][c]
			beta[c] += part[5][c]
		}
	}
	for c := range ref.d.C {
		require.InDelta(t, ref.mean[c], float64(got[0][1][c]), 1e-7*math.Abs(ref.mean[c])+1e-9, "mean")
		require.InDelta(t, ref.variance[c], float64(got[0][2][c]), 1e-6*ref.variance[c], "variance")
	}
	assertNear(t, want, dst, 5e-6, "dst")
	assertNear(t, dx, diffSrc, 5e-6, "diffSrc")
	assertNear(t, dGamma, gamma, 5e-6, "diffGamma, added up")
	assertNear(t, dBeta, beta, 5e-6, "diffBeta, added up")
}

// TestBatchNormOfOnePartAlone: a batch that shares its sums with nobody is a batch like any.
func TestBatchNormOfOnePartAlone(t *testing.T) {
	ref, src, diff := normProblem(3, 5, 61, 0.5, 2)
	in := normInputs{src, diff, ref.gamma, ref.beta}
	alone := ref.d
	alone.Sum = func([]float64) {}
	want, got := execNorm(t, ref.d, src, diff, in), execNorm(t, alone, src, diff, in)
	for i, w := range want {
		assertNear(t, widen(w), got[i], 1e-7, "result")
	}
	p, err := NewBatchNorm(alone)
	assert.Contains(t, must(t, p, err).Info().Problem, "shared")
}
