package zoo_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
)

// pyTorchs are the logits that testdata/logits.py wrote: those of torchvision's networks
// and, where it has none, of declarations in PyTorch.
func pyTorchs(t *testing.T) (logits map[string][]float64) {
	file, err := os.ReadFile("testdata/logits.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(file, &logits))
	return logits
}

// agrees gives a net the parameters and the image of testdata/logits.py and compares the
// logits. What they differ by is rounding.
func agrees(t *testing.T, net *nn.Net, want []float64) {
	for i, p := range net.Params() {
		name := p.Path[strings.LastIndexByte(p.Path, '/')+1:]
		switch name {
		case "weights":
			fan := 1
			for _, n := range p.Shape[1:] {
				fan *= n
			}
			limit := math.Sqrt(6 / float64(fan))
			draw(p.Data, i+1, 2*limit, -limit)
		case "gamma", "running_var":
			draw(p.Data, i+1, 1, 0.5)
		case "bias", "beta", "running_mean":
			draw(p.Data, i+1, 0.2, -0.1)
		default:
			require.Fail(t, name)
		}
	}
	p := compiled(t, net)
	draw(input(t, p, "image"), 0, 2, -1)
	require.NoError(t, p.Run(0))
	largest := 0.
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	require.Positive(t, largest)
	for i, v := range output(t, p, "logits") {
		assert.InDelta(t, want[i], v, 2e-5*largest, "logit %d", i)
	}
}

// draw fills x with scale·u + offset, u in [0, 1) being a hash of the position and of an
// index.
func draw(x []float32, index int, scale, offset float64) {
	for i := range x {
		h := uint32(i)*2654435761 + uint32(index)*2246822519
		h = (h ^ h>>16) * 2146121005
		h = (h ^ h>>15) * 2221713035
		h ^= h >> 16
		x[i] = float32(scale*float64(h)/(1<<32) + offset)
	}
}
