package gan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/signs"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
)

// TestAHealthyTrainingShowsNoSigns: neither preset looks as if it were in trouble.
func TestAHealthyTrainingShowsNoSigns(t *testing.T) {
	for _, run := range []struct {
		preset       string
		batch, steps int
	}{{"small", 4, 22}, {"cern", 2, 2}} {
		cells, energies := batch(t, run.batch)
		tr := trainer(t, run.preset, gan.Config{Batch: run.batch, Steps: 1000, Seed: 1})
		x := images(tr, cells)
		var w signs.Watch
		w.Begin([]signs.Member{{Net: tr.Generator, Optimizer: tr.GeneratorRule}, {Net: tr.Discriminator, Optimizer: tr.DiscriminatorRule}}, 0)
		metrics := make([]float64, len(gan.Metrics))
		for step := range uint64(run.steps) {
			w.Before()
			require.NoError(t, tr.Step(step, x, energies, metrics))
			assert.Empty(t, w.After(), run.preset)
		}
		w.End()
	}
}
