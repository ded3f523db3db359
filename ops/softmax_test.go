package ops

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var softmaxShapes = []struct {
	name            string
	outer, c, inner int
}{
	{"one element", 1, 1, 1},
	{"empty batch", 0, 5, 3},
	{"rows", 9, 10, 1},
	{"one class", 5, 1, 7},
	{"a lane more than fits", 2, 3, softmaxLanes + 1},
	{"images", 3, 7, 4 * softmaxLanes},
	{"a long row", 2, 3*elementsPerPart + 1, 1},
	{"more rows than a part", 1031, 17, 1},
}

// softmax64 is the softmax by its definition.
func softmax64(x []float64, outer, c, inner int) []float64 {
	y := make([]float64, len(x))
	for o := range outer {
		for i := range inner {
			at := func(k int) int { return (o*c+k)*inner + i }
			sum := 0.0
			for k := range c {
				sum += math.Exp(x[at(k)])
			}
			for k := range c {
				y[at(k)] = math.Exp(x[at(k)]) / sum
			}
		}
	}
	return y
}

func TestSoftmax(t *testing.T) {
	for _, s := range softmaxShapes {
		t.Run(s.name, func(t *testing.T) {
			n := s.outer * s.c * s.inner
			src := noise(n, 1)
			p, err := NewSoftmax(s.outer, s.c, s.inner)
			got := check(t, must(t, p, err), [][]float32{src}, n)[0]
			for i, want := range softmax64(widen(src), s.outer, s.c, s.inner) {
				if diff := math.Abs(want - float64(got[i])); !(diff <= 1e-6*want) {
					require.Failf(t, "far from the definition", "element %d: %g, where %g is expected", i, got[i], want)
				}
			}
		})
	}
}

func TestSoftmaxDoesNotOverflow(t *testing.T) {
	p, err := NewSoftmax(2, 3, 1)
	got := check(t, must(t, p, err), [][]float32{{1e30, 1e30, -1e30, 1000, 999, -3e38}}, 6)[0]
	e := 1 / (1 + math.Exp(-1))
	assertNear(t, []float64{0.5, 0.5, 0, e, 1 - e, 0}, got, 1e-7, "softmax")
}

func TestSoftmaxBackward(t *testing.T) {
	for _, s := range softmaxShapes {
		t.Run(s.name, func(t *testing.T) {
			n := s.outer * s.c * s.inner
			src, diff := noise(n, 1), noise(n, 2)
			y := softmax64(widen(src), s.outer, s.c, s.inner)
			want := make([]float64, n) // Σ_j diff_j · ∂y_j/∂x_k with ∂y_j/∂x_k = y_j([j = k] − y_k)
			for o := range s.outer {
				for i := range s.inner {
					inner := 0.0
					for k := range s.c {
						at := (o*s.c+k)*s.inner + i
						inner += float64(diff[at]) * y[at]
					}
					for k := range s.c {
						at := (o*s.c+k)*s.inner + i
						want[at] = y[at] * (float64(diff[at]) - inner)
					}
				}
			}
			dst := make([]float32, n)
			for i, v := range y {
				dst[i] = float32(v)
			}
			p, err := NewSoftmaxBackward(s.outer, s.c, s.inner)
			assertNear(t, want, check(t, must(t, p, err), [][]float32{diff, dst}, n)[0], 1e-6, "gradient")
		})
	}
}

func TestSoftmaxGradientMatchesDifferences(t *testing.T) {
	const outer, c, inner = 2, 5, 3
	src, diff := noise(outer*c*inner, 1), noise(outer*c*inner, 2)
	want := slope(src, func(x []float64) float64 { return against(softmax64(x, outer, c, inner), diff) })
	p, err := NewSoftmax(outer, c, inner)
	dst := check(t, must(t, p, err), [][]float32{src}, len(src))[0]
	p, err = NewSoftmaxBackward(outer, c, inner)
	assertNear(t, want, check(t, must(t, p, err), [][]float32{diff, dst}, len(src))[0], 1e-5, "gradient")
}

func TestSoftmaxKeepsNaN(t *testing.T) {
	p, err := NewSoftmax(1, 2, 1)
	got := check(t, must(t, p, err), [][]float32{{float32(math.NaN()), 1}}, 2)[0]
	assert.Equal(t, "[NaN NaN]", fmt.Sprint(got))
}

// Along columns nothing beside them is written, and special numbers stay where they are.
func TestSoftmaxColumns(t *testing.T) {
	onLoops(t, func(t *testing.T, l *loops) {
		for _, m := range []stripe{{1, 1, 1}, {3, 20, 17}, {5, 9, 7}, {2, 300, softmaxLanes}, {1000, 33, 31}} {
			size := (m.rows-1)*m.pitch + m.n
			src, diff, work := noise(size, 1), noise(size, 2), make([]float32, stripeWork(m.n))
			src[0], diff[size-1] = float32(math.Inf(-1)), nan32()
			for i := range src {
				src[i] *= 4 // differences of 30 are rounded in the sixth digit
			}
			fenced := fence(t, size)
			for side := range 2 {
				got, want := fenced[side], make([]float32, size)
				fill(got, 0.5)
				fill(want, 0.5)
				l.softmaxColumns(m, got, src, work)
				softmaxColumnsPortable(m, want, src, nil)
				loopCase{ulps: 32}.requireNear(t, [][]float32{want}, [][]float32{got}, nil, "%v", m)
				dst := slices.Clone(want)
				l.columnsBackward(m, got, diff, dst, work)
				softmaxColumnsBackwardPortable(m, want, diff, dst, nil)
				loopCase{ulps: 3, slack: always(3e-7)}.requireNear(t, [][]float32{want}, [][]float32{got}, nil, "gradient of %v", m)
			}
		}
	})
}

func BenchmarkSoftmax(b *testing.B) {
	for _, s := range []struct {
		name            string
		outer, c, inner int
	}{{"rows of 1000", 256, 1000, 1}, {"10 maps of 64x64", 16, 10, 64 * 64}} {
		n := s.outer * s.c * s.inner
		b.Run("forward/"+s.name, func(b *testing.B) {
			p, err := NewSoftmax(s.outer, s.c, s.inner)
			benchmark(b, must(b, p, err), [][]float32{noise(n, 1)}, n)
		})
		b.Run("backward/"+s.name, func(b *testing.B) {
			p, err := NewSoftmaxBackward(s.outer, s.c, s.inner)
			benchmark(b, must(b, p, err), [][]float32{noise(n, 1), noise(n, 2)}, n)
		})
	}
}
