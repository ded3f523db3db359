package op

import (
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These tests carry out operations, from declaration to numbers, on what PyTorch
// computed.

// axes are the sizes of a case in the order D, H, W, with fill along D for images.
func axes(v []int, fill int) [3]int {
	a := [3]int{fill, fill, fill}
	copy(a[3-len(v):], v)
	return a
}

// goldenWindow is the window of a case; its kernel is that of the weights where it
// has some.
func goldenWindow(c *golden.Case) Window {
	w := Window{Rank: len(c.Shape("x")) - 2, Stride: axes(c.Ints("stride"), 1), Dilation: axes(nil, 1)}
	w.PadLo, w.PadHi = axes(c.Ints("pad"), 0), axes(c.Ints("pad"), 0)
	if c.Has("w") {
		w.Kernel, w.Dilation = axes(c.Shape("w")[2:], 1), axes(c.Ints("dilation"), 1)
	} else {
		w.Kernel = axes(c.Ints("kernel"), 1)
	}
	return w
}

// image makes N x C x L, which would be a sequence of L features, an image of width 1.
func image(shape []int) []int {
	if len(shape) == 3 {
		return append(shape, 1)
	}
	return shape
}

// compare carries out an operation on the case's x and, as variables, the tensors
// named, and compares the result and all gradients.
func compare(t *testing.T, c *golden.Case, o ir.Op, variables ...string) *trial {
	t.Helper()
	shape := image(c.Shape("x"))
	x := try(t, o, shape[0], training, ir.Sample(shape[1:]...))
	operands := append([]string{"x"}, variables...)
	for i, name := range operands {
		require.Len(t, c.F32(name), len(x.data[x.in[i]]), name)
		x.data[x.in[i]] = c.F32(name)
	}
	needs := make([]bool, len(x.in))
	for i, name := range operands {
		needs[i] = c.Has("d" + name)
	}
	gradients := x.backward(c.F32("dy"), needs)
	golden.Close(t, c.F32("y"), x.data[x.out], 0)
	assert.Equal(t, image(c.Shape("y")), x.out.Type().Shape(x.batch))
	for i, name := range operands {
		if needs[i] {
			golden.Close(t, c.F32("d"+name), gradients[i], 0)
		}
	}
	return x
}

func TestAgainstPyTorch(t *testing.T) {
	weighted := func(c *golden.Case) []string {
		if c.Has("b") {
			return []string{"w", "b"}
		}
		return []string{"w"}
	}
	unweighted := func(*golden.Case) []string { return nil }
	activation := func(kind ops.ActivationKind, alpha float32) func(*golden.Case) ir.Op {
		return func(*golden.Case) ir.Op { return Activation{ops.Activation{Kind: kind, Alpha: alpha}} }
	}
	pool := func(kind ops.PoolingKind) func(*golden.Case) ir.Op {
		return func(c *golden.Case) ir.Op {
			return Pool{Mode: kind, Window: goldenWindow(c), Ceil: c.Bool("ceil"), CountPad: c.Bool("count_include_pad")}
		}
	}
	for _, tc := range []struct {
		kind      string
		op        func(c *golden.Case) ir.Op
		variables func(c *golden.Case) []string
	}{
		{"conv", func(c *golden.Case) ir.Op {
			return Conv{Filters: c.Shape("w")[0], Groups: c.Int("groups"), Window: goldenWindow(c), Bias: c.Has("b")}
		}, weighted},
		{"deconv", func(c *golden.Case) ir.Op {
			w := goldenWindow(c)
			w.OutPad = axes(c.Ints("output_pad"), 0)
			return Deconv{Filters: c.Shape("w")[1] * c.Int("groups"), Groups: c.Int("groups"), Window: w, Bias: c.Has("b")}
		}, weighted},
		{"dense", func(c *golden.Case) ir.Op { return Dense{Units: c.Shape("w")[0], Bias: c.Has("b")} }, weighted},
		{"maxpool", pool(ops.MaxPooling), unweighted},
		{"avgpool", pool(ops.AveragePooling), unweighted},
		{"upsample", func(c *golden.Case) ir.Op {
			return Upsample{Scale: axes(c.Ints("scale"), 1), Rank: len(c.Ints("scale"))}
		}, unweighted},
		{"lrn", func(c *golden.Case) ir.Op {
			return LRN{Rank: len(c.Shape("x")) - 2, Size: c.Int("size"), Alpha: float32(c.Float("alpha")), Beta: float32(c.Float("beta")), K: float32(c.Float("k"))}
		}, unweighted},
		{"softmax", func(*golden.Case) ir.Op { return Softmax{} }, unweighted},
		{"relu", activation(ops.ReLU, 0), unweighted},
		{"leaky_relu", activation(ops.LeakyReLU, 0.3), unweighted},
		{"elu", activation(ops.ELU, 1), unweighted},
		{"tanh", activation(ops.Tanh, 0), unweighted},
		{"sigmoid", activation(ops.Sigmoid, 0), unweighted},
		{"softplus", activation(ops.Softplus, 0), unweighted},
		{"silu", activation(ops.SiLU, 0), unweighted},
		{"gelu", activation(ops.GELU, 0), unweighted},
	} {
		for _, name := range golden.Names(t, tc.kind) {
			t.Run(name, func(t *testing.T) {
				c := golden.Load(t, name)
				compare(t, c, tc.op(c), tc.variables(c)...)
			})
		}
	}
}

func TestBatchNormAgainstPyTorch(t *testing.T) {
	for _, name := range golden.Names(t, "batchnorm") {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			o := BatchNorm{Eps: float32(c.Float("eps")), Momentum: float32(1 - c.Float("momentum"))}
			x := compare(t, c, o, "w", "b", "running_mean", "running_var")
			require.Len(t, x.graph.Effects, 2)
			for i, kept := range []string{"running_mean", "running_var"} {
				e := x.graph.Effects[i]
				assert.Equal(t, kept, e.Variable.Name)
				assert.False(t, e.Gradient)
				golden.Close(t, c.F32("new_"+kept), x.data[e.Value], 0)
			}

			shape := c.Shape("x")
			x = try(t, o, shape[0], mode{}, ir.Sample(shape[1:]...))
			for i, name := range []string{"x", "w", "b", "running_mean", "running_var"} {
				x.data[x.in[i]] = c.F32(name)
			}
			golden.Close(t, c.F32("y_infer"), x.forward(), 0)
			assert.Empty(t, x.graph.Effects)
		})
	}
}

func TestLossAgainstPyTorch(t *testing.T) {
	for name, o := range map[string]Loss{
		"loss_bce_logits":        {Loss: ops.BCE},
		"loss_softmax_ce":        {Loss: ops.SoftmaxCE},
		"loss_softmax_ce_smooth": {Loss: ops.SoftmaxCE, Smoothing: 0.1},
		"loss_mse":               {Loss: ops.MSE},
		"loss_mae":               {Loss: ops.MAE},
		"loss_mape":              {Loss: ops.MAPE},
	} {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			rows, cols := c.Shape("x")[0], c.Shape("x")[1]
			target := ir.Sample(cols)
			if o.Loss == ops.SoftmaxCE {
				target = ir.Sample(1)
			}
			x := try(t, o, rows, training, ir.Sample(cols), target)
			x.data[x.in[0]], x.data[x.in[1]] = c.F32("x"), goldenTarget(c, o)
			gradients := x.backward([]float32{1}, []bool{true, false})
			golden.Close(t, c.F32("loss"), x.data[x.out], 1e-5)
			golden.Close(t, c.F32("dx"), gradients[0], 1e-5)
		})
	}
}

func goldenTarget(c *golden.Case, o Loss) []float32 {
	if o.Loss != ops.SoftmaxCE {
		return c.F32("target")
	}
	var target []float32
	for _, class := range c.I64("target") {
		target = append(target, float32(class))
	}
	return target
}
