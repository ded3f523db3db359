package optim

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scalar is one parameter in float64 with its state, for the formulas as they
// stand in the papers.
type scalar struct{ p, b, m, v float64 }

// naive has, for each of rules, the update of one parameter in step t.
var naive = map[string]func(s *scalar, g, t float64){
	"sgd": func(s *scalar, g, _ float64) {
		s.p -= 0.1 * (g + 0.03*s.p)
	},
	"sgd with momentum": func(s *scalar, g, t float64) {
		g += 0.03 * s.p
		s.b = 0.9*s.b + 0.8*g
		if t == 1 {
			s.b = g
		}
		s.p -= 0.1 * s.b
	},
	"sgd nesterov": func(s *scalar, g, _ float64) {
		g += 0.03 * s.p
		s.b = 0.8*s.b + g
		s.p -= 0.1 * (g + 0.8*s.b)
	},
	"rmsprop": func(s *scalar, g, _ float64) {
		g += 0.03 * s.p
		s.v = 0.8*s.v + 0.2*g*g
		s.p -= 0.02 * g / (math.Sqrt(s.v) + 1e-8)
	},
	"rmsprop momentum": func(s *scalar, g, _ float64) {
		g += 0.03 * s.p
		s.v = 0.99*s.v + 0.01*g*g
		s.b = 0.7*s.b + g/(math.Sqrt(s.v)+1e-3)
		s.p -= 0.02 * s.b
	},
	"adam": func(s *scalar, g, t float64) {
		g += 0.03 * s.p
		s.adam(g, t, 0.8, 0.95, 1e-4)
	},
	"adam, no mean": func(s *scalar, g, t float64) {
		s.adam(g, t, 0, 0.999, 1e-8)
	},
	"adamw": func(s *scalar, g, t float64) {
		s.p -= 0.02 * 0.1 * s.p
		s.adam(g, t, 0.9, 0.999, 1e-8)
	},
}

func (s *scalar) adam(g, t, beta1, beta2, eps float64) {
	s.m = beta1*s.m + (1-beta1)*g
	s.v = beta2*s.v + (1-beta2)*g*g
	mean, square := s.m/(1-math.Pow(beta1, t)), s.v/(1-math.Pow(beta2, t))
	s.p -= 0.02 * mean / (math.Sqrt(square) + eps)
}

// TestAgainstFormulas runs every kernel beside the formula for each parameter,
// over lengths around the block's.
func TestAgainstFormulas(t *testing.T) {
	const steps = 6
	require.Len(t, naive, len(rules))
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{1, 15, 16, blockSize - 1, blockSize + 3} {
				f := random(n)
				s := make([]scalar, n)
				for i, w := range f.weights {
					s[i].p = float64(w)
				}
				o := made(t, rule, f)
				for step := range steps {
					run(o, f, 1)
					for i, g := range f.gradients {
						naive[name](&s[i], float64(g), float64(step+1))
					}
				}
				want := make([]float32, n)
				for i := range want {
					want[i] = float32(s[i].p)
				}
				golden.Close(t, want, f.weights, 2e-6)
			}
		})
	}
}

// TestLongRun: the corrections of Adam end, they do not blow up.
func TestLongRun(t *testing.T) {
	f := random(3)
	o := made(t, Adam{}, f)
	require.NoError(t, o.Restore(o.State(), 1<<40))
	before := append([]float32{}, f.weights...)
	run(o, f, 1)
	for i, w := range f.weights {
		assert.NotEqual(t, before[i], w)
		assert.InDelta(t, before[i], w, 4e-3, "at most lr (1-β1)/√(1-β2)")
	}
}
