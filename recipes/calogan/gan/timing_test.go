package gan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
)

// TestPrintProfile: a table for each program, of the steps after the first.
func TestPrintProfile(t *testing.T) {
	cells, energies := batch(t, 2)
	tr := trainer(t, "small", gan.Config{Batch: 2, Steps: 100, Seed: 1})
	x := images(tr, cells)
	metrics := make([]float64, len(gan.Metrics))
	var none, some strings.Builder
	tr.StartProfile()
	require.NoError(t, tr.Step(0, x, energies, metrics))
	require.NoError(t, tr.PrintProfile(&none))
	assert.Equal(t, "no profile: two steps are needed\n", none.String())
	for step := range uint64(2) {
		require.NoError(t, tr.Step(1+step, x, energies, metrics))
	}
	require.NoError(t, tr.PrintProfile(&some))
	assert.Regexp(t, `(?s)profile of "generator": 2 runs of batch 2 .*profile of "discriminator step": 4 runs.*`+
		`profile of "generator step": 4 runs.*\n2 steps of [0-9.]+ ms: [0-9.]+% of it in primitives`, some.String())
}
