package optim

import (
	"testing"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/require"
)

// flat is a set of parameters for tests.
type flat struct{ weights, gradients []float32 }

func (f *flat) Weights() []float32   { return f.weights }
func (f *flat) Gradients() []float32 { return f.gradients }

// random has n normal weights.
func random(n int) *flat {
	f := &flat{ops.Alloc(n), ops.Alloc(n)}
	fill(f.weights, 1)
	return f
}

// fill draws normal numbers; stream names them.
func fill(x []float32, stream uint64) {
	s := philox.NewStream(7, stream)
	for i := range x {
		x[i] = float32(s.Normal())
	}
}

// maker is what all rules have.
type maker interface {
	New(Params) (*Optimizer, error)
}

func made(t testing.TB, rule maker, p Params) *Optimizer {
	t.Helper()
	o, err := rule.New(p)
	require.NoError(t, err)
	return o
}

// run takes steps with gradients that depend on the number of the step alone.
func run(o *Optimizer, f *flat, steps int) {
	for range steps {
		fill(f.gradients, uint64(100+o.Steps()))
		o.Step()
	}
}

// rules has each kernel with all that it can do.
var rules = map[string]maker{
	"sgd":               SGD{LR: 0.1, WeightDecay: 0.03},
	"sgd with momentum": SGD{LR: 0.1, Momentum: 0.9, Dampening: 0.2, WeightDecay: 0.03},
	"sgd nesterov":      SGD{LR: 0.1, Momentum: 0.8, Nesterov: true, WeightDecay: 0.03},
	"rmsprop":           RMSprop{LR: 0.02, Rho: 0.8, WeightDecay: 0.03},
	"rmsprop momentum":  RMSprop{LR: 0.02, Momentum: 0.7, Eps: 1e-3, WeightDecay: 0.03},
	"adam":              Adam{LR: 0.02, Beta1: 0.8, Beta2: 0.95, Eps: 1e-4, WeightDecay: 0.03},
	"adam, no mean":     Adam{LR: 0.02, Beta1: Off},
	"adamw":             AdamW{LR: 0.02, WeightDecay: 0.1},
}
