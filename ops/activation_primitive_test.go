package ops

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// activations are all that have a primitive, with awkward parameters.
var activations = []struct {
	name string
	a    Activation
	f    func(x float64) float64
}{
	{"relu", Activation{Kind: ReLU}, func(x float64) float64 { return math.Max(x, 0) }},
	{"leaky relu", Activation{LeakyReLU, 0.3}, func(x float64) float64 { return kinked(x, float64(float32(0.3))*x) }},
	{"leaky relu with a slope of 0", Activation{LeakyReLU, 0}, func(x float64) float64 { return kinked(x, 0) }},
	{"leaky relu with a slope above 1", Activation{LeakyReLU, 2}, func(x float64) float64 { return kinked(x, 2*x) }},
	{"elu", Activation{ELU, 1}, func(x float64) float64 { return kinked(x, math.Expm1(x)) }},
	{"elu with a scale", Activation{ELU, 0.5}, func(x float64) float64 { return kinked(x, math.Expm1(x)/2) }},
	{"tanh", Activation{Kind: Tanh}, math.Tanh},
	{"sigmoid", Activation{Kind: Sigmoid}, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }},
	{"softplus", Activation{Kind: Softplus}, func(x float64) float64 {
		if x > 0 {
			return x + math.Log1p(math.Exp(-x))
		}
		return math.Log1p(math.Exp(x))
	}},
	{"silu", Activation{Kind: SiLU}, func(x float64) float64 { return x / (1 + math.Exp(-x)) }},
	{"gelu", Activation{Kind: GELU}, func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }},
}

func kinked(x, below float64) float64 {
	if x > 0 {
		return x
	}
	return below
}

// activationPoints cover what is small, large, of either sign, and not finite.
func activationPoints() []float32 {
	x := noise(3*elementsPerPart+17, 1)
	special := []float32{
		0, 1e-30, -1e-30, 1e-6, -1e-6, 0.5, -0.5, 10, -10, 80, -80, 1e4, 1e30, math.MaxFloat32,
		math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32,
	}
	copy(x[elementsPerPart-5:], special)
	for i := range 1000 {
		x[i] = float32(i-500) / 16
	}
	return x
}

func TestActivationMatchesFormula(t *testing.T) {
	for _, tc := range activations {
		t.Run(tc.name, func(t *testing.T) {
			src := activationPoints()
			p, err := NewActivation(tc.a, len(src))
			dst := check(t, must(t, p, err), [][]float32{src}, len(src))[0]
			for i, x := range src {
				want := tc.f(float64(x))
				if diff := math.Abs(want - float64(dst[i])); !(diff <= 1e-6*math.Abs(want)+math.SmallestNonzeroFloat32) {
					require.Failf(t, "far from the formula", "at %g: %g, where %g is expected", x, dst[i], want)
				}
			}
		})
	}
}

func TestActivationKeepsNaN(t *testing.T) {
	for _, tc := range activations {
		t.Run(tc.name, func(t *testing.T) {
			x := []float32{float32(math.NaN()), 1}
			currentLoops().post(tc.a, x)
			assert.True(t, math.IsNaN(float64(x[0])))
			assert.False(t, math.IsNaN(float64(x[1])))
		})
	}
}

func TestActivationOfNoElements(t *testing.T) {
	for _, tc := range activations {
		p, err := NewActivation(tc.a, 0)
		check(t, must(t, p, err), [][]float32{{}}, 0)
		p, err = NewActivationBackward(tc.a, 0)
		check(t, must(t, p, err), [][]float32{{}, {}}, 0)
	}
}

func TestActivationGradientMatchesDifferences(t *testing.T) {
	for _, tc := range activations {
		t.Run(tc.name, func(t *testing.T) {
			src, diff := noise(2*elementsPerPart+3, 2), noise(2*elementsPerPart+3, 3)
			for i := range src[:200] {
				src[i] = float32(i-100)/10 + 0.01 // the kink of the piecewise functions lies between
			}
			p, err := NewActivation(tc.a, len(src))
			data := check(t, must(t, p, err), [][]float32{src}, len(src))[0]
			if !tc.a.FromDst() {
				data = src
			}
			p, err = NewActivationBackward(tc.a, len(src))
			got := check(t, must(t, p, err), [][]float32{diff, data}, len(src))[0]
			for i, x := range src {
				if math.Abs(float64(x)) < 1e-5 && tc.a.Kind <= ELU {
					continue // no derivative to compare with
				}
				const h = 1e-6
				want := float64(diff[i]) * (tc.f(float64(x)+h) - tc.f(float64(x)-h)) / (2 * h)
				if diff := math.Abs(want - float64(got[i])); !(diff <= 2e-6) {
					require.Failf(t, "far from the difference quotient", "at %g: %g, where %g is expected", x, got[i], want)
				}
			}
		})
	}
}

func TestActivationGradientAtTheKink(t *testing.T) {
	negativeZero := float32(math.Copysign(0, -1))
	tiny := float32(math.SmallestNonzeroFloat32)
	for _, tc := range []struct {
		name         string
		a            Activation
		below, above float32
	}{
		{"relu", Activation{Kind: ReLU}, 0, 1},
		{"leaky relu", Activation{LeakyReLU, 0.25}, 0.25, 1},
		{"elu", Activation{ELU, 0.5}, 0.5, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := []float32{0, negativeZero, -tiny, tiny, float32(math.Inf(1))}
			got := make([]float32, len(data))
			currentLoops().activateBackward(tc.a, got, []float32{1, 1, 1, 1, 1}, data)
			assert.Equal(t, []float32{tc.below, tc.below, tc.below, tc.above, tc.above}, got)
		})
	}
}

func TestActivationBackwardMayOverwriteItsData(t *testing.T) {
	data, diff := noise(1000, 4), noise(1000, 5)
	for _, tc := range activations {
		want, got := make([]float32, 1000), append([]float32(nil), data...)
		currentLoops().activateBackward(tc.a, want, diff, data)
		currentLoops().activateBackward(tc.a, got, diff, got)
		requireSameBits(t, want, got, "%s", tc.name)
	}
}

func BenchmarkActivation(b *testing.B) {
	const n = 1 << 20
	for _, tc := range activations {
		b.Run("forward/"+tc.name, func(b *testing.B) {
			p, err := NewActivation(tc.a, n)
			benchmark(b, must(b, p, err), [][]float32{noise(n, 1)}, n)
		})
		b.Run("backward/"+tc.name, func(b *testing.B) {
			p, err := NewActivationBackward(tc.a, n)
			benchmark(b, must(b, p, err), [][]float32{noise(n, 1), noise(n, 2)}, n)
		})
	}
}
