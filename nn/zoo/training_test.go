package zoo_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn"
)

// trains takes one step forward and back on images of noise: the first logits are of a size
// that a softmax can begin with, and the gradient reaches every parameter.
func trains(t *testing.T, net *nn.Net) {
	p := compiled(t, net, nn.Train(net), nn.Batch(batch))
	noise(t, p, "image")
	for i, label := 0, input(t, p, "label"); i < len(label); i++ {
		label[i] = float32(i % classes)
	}
	require.NoError(t, p.Run(0))
	size := rms(output(t, p, "logits"))
	assert.Greater(t, size, 1e-3)
	assert.Less(t, size, 10.)
	for _, parameter := range net.Params() {
		if parameter.Grad == nil {
			continue
		}
		size := rms(parameter.Grad)
		assert.Greater(t, size, 0., parameter.Path)
		assert.Less(t, size, 1e3, parameter.Path)
	}
}

// noise fills an input with numbers of mean 0 and deviation 1.
func noise(t *testing.T, p *nn.Program, name string) {
	r := philox.NewStream(1, 2)
	for i, x := 0, input(t, p, name); i < len(x); i++ {
		x[i] = float32(r.Normal())
	}
}

// rms is the root of the mean square. It is NaN if any element is.
func rms(x []float32) float64 {
	sum := 0.
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(x)))
}

func compiled(t *testing.T, net *nn.Net, options ...nn.Option) *nn.Program {
	p, err := nn.Compile(net, options...)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func input(t *testing.T, p *nn.Program, name string) []float32 {
	x, err := p.Input(name)
	require.NoError(t, err)
	return x
}

func output(t *testing.T, p *nn.Program, name string) []float32 {
	x, err := p.Output(name)
	require.NoError(t, err)
	return x
}
