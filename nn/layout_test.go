package nn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
)

// trained takes three steps of a training on full blocks of samples, and returns the
// parameters after them and what Explain says.
func trained(t *testing.T, name string, declare func(*nn.Graph) nn.Vec, threads int) (params []float32, explained string) {
	pool := ops.NewPool(threads)
	defer pool.Close()
	net := build(t, name, declare)
	p := compile(t, lossOn(t, net), nn.Train(net), nn.Batch(32), nn.OnPool(pool), nn.Seed(5))
	feed(t, p)
	for step := range uint64(3) {
		require.NoError(t, p.Run(step))
		for i, g := range net.Gradients() {
			net.Weights()[i] -= 0.05 * g
		}
	}
	// What the runtime allocates now and then rounds to none.
	assert.Zero(t, testing.AllocsPerRun(20, func() { _ = p.Run(3) }))
	var b strings.Builder
	require.NoError(t, p.Explain(&b))
	return append(append([]float32(nil), net.Weights()...), net.Statistics()...), b.String()
}

// TestTrainingInAnyLayout trains two nets with their tensors in one layout wherever
// there are primitives for it. What the layers compute is the same but for rounding,
// what dropout draws included, and the same bits for any number of threads.
func TestTrainingInAnyLayout(t *testing.T) {
	for name, declare := range map[string]func(*nn.Graph) nn.Vec{"images": images, "volumes": volumes} {
		t.Setenv("CASCADE_LAYOUT", "NCX")
		want, _ := trained(t, name, declare, 1)
		for _, layout := range []string{"", "NCX16c", "NCX16n"} {
			t.Run(name+" "+layout, func(t *testing.T) {
				t.Setenv("CASCADE_LAYOUT", layout)
				got, explained := trained(t, name, declare, 1)
				again, _ := trained(t, name, declare, 3)
				assert.InDeltaSlice(t, want, got, 2e-4)
				assert.Equal(t, got, again)
				if layout != "" {
					assert.NotContains(t, explained, " 0 in "+layout)
				}
			})
		}
	}
}

// TestLayoutSetting: a layout that there is none of is a mistake of the environment.
func TestLayoutSetting(t *testing.T) {
	t.Setenv("CASCADE_LAYOUT", "nchw")
	_, err := nn.Compile(lossOn(t, build(t, "images", images)))
	assert.ErrorContains(t, err, `CASCADE_LAYOUT="nchw": it must be NCX, NCX16c or NCX16n`)
}
