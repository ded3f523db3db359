package ops

import (
	"strings"
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/cascade-hpc/cascade/internal/safetensors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A case with weights must be of an operation that some test here goes through.
func TestEveryCaseWithWeightsIsCovered(t *testing.T) {
	f, err := safetensors.Open("../internal/golden/testdata/torch.safetensors")
	require.NoError(t, err)
	defer f.Close()
	for _, tensor := range f.Tensors() {
		if name, ok := strings.CutSuffix(tensor.Name, "/w"); ok {
			assert.Contains(t, []string{"batchnorm", "conv", "deconv", "dense"}, golden.Load(t, name).Op, name)
		}
	}
}

// goldenLayer tests the three primitives of a layer on one of PyTorch's cases.
func goldenLayer(t *testing.T, c *golden.Case, l layer) {
	x, w, dy := c.F32("x"), c.F32("w"), c.F32("dy")
	var bias []float32
	if l.channels > 0 {
		bias = c.F32("b")
	}
	onEveryISA(t, func(t *testing.T) {
		p, err := l.forward()
		golden.Close(t, c.F32("y"), check(t, must(t, p, err), withBias(l, bias, x, w), l.dst)[0], 1e-5)
		p, err = l.backwardData()
		golden.Close(t, c.F32("dx"), check(t, must(t, p, err), [][]float32{dy, w}, l.src)[0], 1e-5)
		p, err = l.backwardWeights()
		out := check(t, must(t, p, err), [][]float32{x, dy}, withBiasLength(l, l.weights)...)
		golden.Close(t, c.F32("dw"), out[0], 1e-5)
		if l.channels > 0 {
			golden.Close(t, c.F32("db"), out[1], 1e-5)
		}
	})
}

func TestConvAgainstPyTorch(t *testing.T) {
	for _, name := range golden.Names(t, "conv") {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			x, pad := c.Shape("x"), axes(c.Ints("pad"), 0)
			d := ConvDesc{
				N: x[0], IC: x[1], OC: c.Shape("w")[0], Groups: c.Int("groups"), In: axes(x[2:], 1), PadLo: pad, PadHi: pad,
				Kernel: axes(c.Shape("w")[2:], 1), Stride: axes(c.Ints("stride"), 1), Dilation: axes(c.Ints("dilation"), 1),
				Bias: c.Bool("bias"),
			}.complete()
			assert.Equal(t, axes(c.Shape("y")[2:], 1), d.Out)
			goldenLayer(t, c, d.layer())
		})
	}
}

func TestDeconvAgainstPyTorch(t *testing.T) {
	for _, name := range golden.Names(t, "deconv") {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			x, pad := c.Shape("x"), axes(c.Ints("pad"), 0)
			d := DeconvDesc{
				N: x[0], IC: x[1], OC: c.Shape("y")[1], Groups: c.Int("groups"), In: axes(x[2:], 1), PadLo: pad, PadHi: pad,
				Kernel: axes(c.Shape("w")[2:], 1), Stride: axes(c.Ints("stride"), 1), Dilation: axes(c.Ints("dilation"), 1),
				OutPad: axes(c.Ints("output_pad"), 0), Bias: c.Bool("bias"),
			}.complete()
			assert.Equal(t, axes(c.Shape("y")[2:], 1), d.Out)
			goldenLayer(t, c, d.layer())
		})
	}
}

func TestInnerProductAgainstPyTorch(t *testing.T) {
	for _, name := range golden.Names(t, "dense") {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			w := c.Shape("w")
			d := InnerProductDesc{N: c.Shape("x")[0], IC: w[1], OC: w[0], Bias: c.Has("b")}
			goldenLayer(t, c, d.layer())
		})
	}
}
