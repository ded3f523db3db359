package main

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
)

func newPlateau(t *testing.T, patience int) plateau {
	g := nn.New("net")
	net, err := g.Output("y", g.Vec("x", 1).Dense(1)).Build()
	require.NoError(t, err)
	rule, err := optim.Adam{LR: 1}.New(net)
	require.NoError(t, err)
	state := &train.State{Members: []train.Member{{Net: net, Optimizer: rule}}, Metadata: map[string]string{}}
	return plateau{patience, state, rule}
}

func TestTheRateFallsOnAPlateau(t *testing.T) {
	for _, test := range []struct {
		name     string
		patience int
		losses   []float64
		rates    []float64 // of each epoch
	}{
		{"while the loss falls it stays", 1, []float64{5, 4, 3, 2}, []float64{1, 1, 1, 1}},
		{"as in the paper, at once", 1, []float64{5, 6, 4, 4, 3}, []float64{1, 1, .1, .1, .01}},
		{"an equal loss has not fallen", 1, []float64{5, 5, 5}, []float64{1, 1, .1}},
		{"after two epochs", 2, []float64{5, 6, 4, 4, 5, 5, 5, 5}, []float64{1, 1, 1, 1, 1, .1, .1, .01}},
		{"what counts is the lowest", 1, []float64{3, 2, 4, 2.5, 1}, []float64{1, 1, 1, .1, .01}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPlateau(t, test.patience)
			for i, loss := range test.losses {
				rate, err := p.after(i+1, loss)
				require.NoError(t, err)
				assert.InDelta(t, test.rates[i], rate, 1e-12, "epoch %d", i+1)
			}
		})
	}
}

// TestAnEpochCountsOnce: the end of an epoch is done again if it was interrupted.
func TestAnEpochCountsOnce(t *testing.T) {
	p := newPlateau(t, 1)
	for _, epoch := range []int{1, 2, 2, 2} {
		rate, err := p.after(epoch, 5)
		require.NoError(t, err)
		assert.Equal(t, 1., rate)
	}
	assert.InDelta(t, 0.1, p.rule.LR(), 1e-12)
}

// TestCheckpointsKeepAPlateau: the rate falls where it would have fallen.
func TestCheckpointsKeepAPlateau(t *testing.T) {
	p := newPlateau(t, 2)
	for i, loss := range []float64{math.Pi, 4} {
		_, err := p.after(i+1, loss)
		require.NoError(t, err)
	}
	path := filepath.Join(t.TempDir(), "checkpoint")
	require.NoError(t, p.state.Save(path))
	q := newPlateau(t, 2)
	require.NoError(t, q.state.Load(path))
	rate, err := q.after(3, math.Pi)
	require.NoError(t, err)
	assert.Equal(t, 1., rate)
	assert.InDelta(t, 0.1, q.rule.LR(), 1e-12)
}

func TestPlateauRefuses(t *testing.T) {
	p := newPlateau(t, 1)
	_, err := p.after(1, math.NaN())
	assert.ErrorContains(t, err, "a validation loss of NaN")
	p.state.Metadata[plateauKey] = "{"
	_, err = p.after(2, 1)
	assert.ErrorContains(t, err, `"plateau"`)
}
