package optim

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSetLR(t *testing.T) {
	f := random(4)
	o := made(t, SGD{LR: 0.5}, f)
	assert.Equal(t, 0.5, o.LR())
	o.SetLR(0)
	run(o, f, 1)
	assert.Equal(t, random(4).weights, f.weights)
	o.SetLR(2)
	assert.Equal(t, 2.0, o.LR())
	want := f.weights[3]
	run(o, f, 1)
	assert.Equal(t, want-2*f.gradients[3], f.weights[3])
	assert.Equal(t, int64(2), o.Steps())
}

// TestSetRates: rates that are set before the first step are those of a rule that was
// made with them.
func TestSetRates(t *testing.T) {
	tests := map[string]struct{ with, without maker }{
		"sgd":     {SGD{Momentum: 0.7, WeightDecay: 0.2}, SGD{Momentum: 0.9}},
		"rmsprop": {RMSprop{Momentum: 0.7, WeightDecay: 0.2}, RMSprop{Momentum: 0.9}},
		"adam":    {Adam{Beta1: 0.7, WeightDecay: 0.2}, Adam{}},
		"adamw":   {AdamW{Beta1: 0.7, WeightDecay: 0.2}, AdamW{}},
		"lars":    {LARS{Momentum: 0.7, WeightDecay: 0.2}, LARS{}},
		"lamb":    {LAMB{Beta1: 0.7, WeightDecay: 0.2}, LAMB{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a, b := layered(), layered()
			with, set := made(t, tt.with, a), made(t, tt.without, b)
			require.NoError(t, set.SetMomentum(0.7))
			require.NoError(t, set.SetWeightDecay(0.2))
			assert.Equal(t, 0.7, set.Momentum())
			assert.Equal(t, 0.2, set.WeightDecay())
			run(with, a, 3)
			run(set, b, 3)
			assert.Equal(t, a.weights[:50], b.weights[:50])
		})
	}
}

func TestSetRatesRefuses(t *testing.T) {
	o := made(t, SGD{}, random(4))
	for _, m := range []float64{-0.1, 1, math.NaN()} {
		assert.ErrorContains(t, o.SetMomentum(m), "SGD: a momentum of")
	}
	assert.ErrorContains(t, o.SetMomentum(0.9), "SGD: a momentum of 0.9: it was made without momentum")
	assert.NoError(t, o.SetMomentum(0))
	for _, d := range []float64{-0.1, math.Inf(1), math.NaN()} {
		assert.ErrorContains(t, o.SetWeightDecay(d), "SGD: a weight decay of")
	}
	assert.Zero(t, o.Momentum())
	assert.Zero(t, o.WeightDecay())
}
