package optim

import (
	"math"
	"path"
	"slices"
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tensor64 is a tensor in float64 with its state, for the formulas as they stand in
// the papers.
type tensor64 struct {
	decays  bool
	scalars []scalar
}

func norm64(n int, of func(i int) float64) float64 {
	square := 0.0
	for i := range n {
		square += of(i) * of(i)
	}
	return math.Sqrt(square)
}

// lars is You et al. (2017) with the rate outside of the momentum.
func (x *tensor64) lars(g []float64, lr, trust, decay, momentum float64, clip, nesterov, always bool) {
	if !x.decays {
		decay = 0
	}
	w := norm64(len(g), func(i int) float64 { return x.scalars[i].p })
	d := norm64(len(g), func(i int) float64 { return g[i] })
	t := trust * w / (d + decay*w + 1e-8)
	if clip {
		t = min(t/lr, 1)
	}
	if w == 0 || d == 0 || decay == 0 && !always {
		t = 1
	}
	for i := range x.scalars {
		s := &x.scalars[i]
		step := t * (g[i] + decay*s.p)
		s.b = momentum*s.b + step
		if nesterov {
			s.p -= lr * (step + momentum*s.b)
		} else {
			s.p -= lr * s.b
		}
	}
}

// lamb is algorithm 2 of You et al. (2020).
func (x *tensor64) lamb(g []float64, t, lr, beta1, beta2, eps, decay float64, always bool) {
	if !x.decays {
		decay = 0
	}
	u := make([]float64, len(g))
	for i := range x.scalars {
		s := &x.scalars[i]
		s.m = beta1*s.m + (1-beta1)*g[i]
		s.v = beta2*s.v + (1-beta2)*g[i]*g[i]
		u[i] = s.m/(1-math.Pow(beta1, t))/(math.Sqrt(s.v/(1-math.Pow(beta2, t)))+eps) + decay*s.p
	}
	w := norm64(len(g), func(i int) float64 { return x.scalars[i].p })
	d := norm64(len(g), func(i int) float64 { return u[i] })
	ratio := w / d
	if w == 0 || d == 0 || decay == 0 && !always {
		ratio = 1
	}
	for i := range x.scalars {
		x.scalars[i].p -= lr * ratio * u[i]
	}
}

// each is a rule that does the same to every scalar, with its decay.
func each(update func(s *scalar, g, t, decay float64), decay float64) func(*tensor64, []float64, float64) {
	return func(x *tensor64, g []float64, t float64) {
		for i := range x.scalars {
			if x.decays {
				update(&x.scalars[i], g[i], t, decay)
			} else {
				update(&x.scalars[i], g[i], t, 0)
			}
		}
	}
}

func vectors64(name string, dims int) bool { return dims == 1 || name == "bias" }
func scales64(name string, _ int) bool     { return name == "gamma" || name == "beta" }
func nothing64(string, int) bool           { return false }

// naiveLayers has, for each of layerRules, the formula and its options.
var naiveLayers = map[string]struct {
	update              func(x *tensor64, g []float64, t float64)
	noDecay             func(name string, dims int) bool
	clipNorm, clipValue float64
	every               int
}{
	"lars": {update: func(x *tensor64, g []float64, _ float64) {
		x.lars(g, 0.5, 0.02, 0.03, 0.9, false, false, false)
	}, noDecay: vectors64},
	"lars, no momentum": {update: func(x *tensor64, g []float64, _ float64) {
		x.lars(g, 0.5, 0.02, 0.03, 0, false, false, true)
	}, noDecay: vectors64, clipNorm: 30},
	"larc nesterov": {update: func(x *tensor64, g []float64, _ float64) {
		x.lars(g, 0.02, 0.02, 0.03, 0.8, true, true, false)
	}, noDecay: nothing64},
	"lamb": {update: func(x *tensor64, g []float64, t float64) {
		x.lamb(g, t, 0.02, 0.9, 0.999, 1e-6, 0.03, false)
	}, noDecay: vectors64, clipNorm: 1},
	"lamb, of all": {update: func(x *tensor64, g []float64, t float64) {
		x.lamb(g, t, 0.02, 0.8, 0.95, 1e-4, 0.01, true)
	}, noDecay: scales64},
	"sgd, some decay": {update: each(func(s *scalar, g, t, decay float64) {
		s.b = 0.9*s.b + g + decay*s.p
		s.p -= 0.1 * s.b
	}, 0.03), noDecay: scales64, clipNorm: 50},
	"sgd, in three": {
		update:  each(func(s *scalar, g, _, decay float64) { s.p -= 0.1 * (g + decay*s.p) }, 0.03),
		noDecay: vectors64, every: 3,
	},
	"lars, in three": {update: func(x *tensor64, g []float64, _ float64) {
		x.lars(g, 0.5, 0.02, 0.03, 0.9, false, false, false)
	}, noDecay: vectors64, every: 3},
	"lamb, in two, clipped": {update: func(x *tensor64, g []float64, t float64) {
		x.lamb(g, t, 0.02, 0.9, 0.999, 1e-6, 0.03, false)
	}, noDecay: vectors64, clipNorm: 20, every: 2},
	"rmsprop, limited": {update: each(func(s *scalar, g, _, decay float64) {
		g += decay * s.p
		s.v = 0.99*s.v + 0.01*g*g
		s.p -= 0.02 * g / (math.Sqrt(s.v) + 1e-8)
	}, 0.03), noDecay: vectors64, clipValue: 0.5},
	"adam, in two, limited": {update: each(func(s *scalar, g, t, decay float64) {
		s.adam(g+decay*s.p, t, 0.9, 0.999, 1e-8)
	}, 0.03), noDecay: vectors64, clipValue: 0.4, every: 2},
	"adamw, some decay": {update: each(func(s *scalar, g, t, decay float64) {
		s.p -= 0.02 * decay * s.p
		s.adam(g, t, 0.9, 0.999, 1e-8)
	}, 0.1), noDecay: vectors64},
}

// TestLayersAgainstFormulas runs every rule beside its formula in float64, on all
// tensors, with the gradient averaged and clipped in float64 too.
func TestLayersAgainstFormulas(t *testing.T) {
	require.Len(t, naiveLayers, len(layerRules))
	for name, rule := range layerRules {
		t.Run(name, func(t *testing.T) {
			want, n := naiveLayers[name], layered()
			every := max(want.every, 1)
			o := made(t, rule, n)
			var tensors []tensor64
			for _, p := range n.params {
				x := tensor64{!want.noDecay(path.Base(p.Path), len(p.Shape)), make([]scalar, len(p.Data))}
				for i, w := range p.Data {
					x.scalars[i].p = float64(w)
				}
				tensors = append(tensors, x)
			}
			for update := range 4 {
				gradients := make([][]float64, len(n.params))
				for range every {
					before := slices.Clone(n.weights)
					run(o, n, 1)
					for k, p := range n.params {
						gradients[k] = slices.Grow(gradients[k], len(p.Grad))[:len(p.Grad)]
						for i, g := range p.Grad {
							gradients[k][i] += float64(g) / float64(every)
						}
					}
					if o.Steps()%int64(every) != 0 {
						require.Equal(t, before, n.weights, "a step that only adds")
					}
				}
				norm := clip64(gradients, want.clipNorm, want.clipValue)
				if want.clipNorm > 0 {
					assert.InEpsilon(t, norm, o.GradientNorm(), 1e-6)
				} else {
					assert.Zero(t, o.GradientNorm())
				}
				for k, p := range n.params {
					if p.Data == nil {
						continue
					}
					want.update(&tensors[k], gradients[k], float64(update+1))
					result := make([]float32, len(p.Data))
					for i := range result {
						result[i] = float32(tensors[k].scalars[i].p)
					}
					golden.Close(t, result, p.Data, 3e-6)
				}
			}
		})
	}
}

// clip64 clips the gradient and returns its norm before that.
func clip64(gradients [][]float64, norm, value float64) float64 {
	square := 0.0
	for _, g := range gradients {
		for _, v := range g {
			square += v * v
		}
	}
	factor := 1.0
	if norm > 0 {
		factor = min(1, norm/math.Sqrt(square))
	}
	for _, g := range gradients {
		for i := range g {
			g[i] *= factor
			if value > 0 {
				g[i] = max(-value, min(value, g[i]))
			}
		}
	}
	return math.Sqrt(square)
}
