package ops

import (
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/stretchr/testify/assert"
)

// These tests compare with what PyTorch computed.

func TestActivationAgainstPyTorch(t *testing.T) {
	for name, a := range map[string]Activation{
		"act_relu":       {Kind: ReLU},
		"act_leaky_relu": {LeakyReLU, 0.3},
		"act_elu":        {ELU, 1},
		"act_tanh":       {Kind: Tanh},
		"act_sigmoid":    {Kind: Sigmoid},
		"act_softplus":   {Kind: Softplus},
		"act_silu":       {Kind: SiLU},
		"act_gelu":       {Kind: GELU},
	} {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			x, n := c.F32("x"), len(c.F32("x"))
			p, err := NewActivation(a, n)
			data := check(t, must(t, p, err), [][]float32{x}, n)[0]
			golden.Close(t, c.F32("y"), data, 1e-5)
			if !a.FromDst() {
				data = x
			}
			p, err = NewActivationBackward(a, n)
			golden.Close(t, c.F32("dx"), check(t, must(t, p, err), [][]float32{c.F32("dy"), data}, n)[0], 1e-5)
		})
	}
}

func TestSoftmaxAgainstPyTorch(t *testing.T) {
	c := golden.Load(t, "act_softmax")
	s, n := c.Shape("x"), len(c.F32("x")) // over axis 1
	p, err := NewSoftmax(s[0], s[1], s[2])
	y := check(t, must(t, p, err), [][]float32{c.F32("x")}, n)[0]
	golden.Close(t, c.F32("y"), y, 1e-5)
	p, err = NewSoftmaxBackward(s[0], s[1], s[2])
	golden.Close(t, c.F32("dx"), check(t, must(t, p, err), [][]float32{c.F32("dy"), y}, n)[0], 1e-5)
}

func TestBatchNormAgainstPyTorch(t *testing.T) {
	for _, name := range golden.Names(t, "batchnorm") {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			s, n := c.Shape("x"), len(c.F32("x"))
			d := BatchNormDesc{N: s[0], C: s[1], Spatial: NCX.Size(s[2:]), Eps: float32(c.Float("eps"))}
			x, w := c.F32("x"), c.F32("w")
			p, err := NewBatchNorm(d)
			out := check(t, must(t, p, err), [][]float32{x, w, c.F32("b")}, n, d.C, d.C)
			golden.Close(t, c.F32("y"), out[0], 1e-5)

			p, err = NewBatchNormBackward(d)
			grads := check(t, must(t, p, err), [][]float32{c.F32("dy"), x, w, out[1], out[2]}, n, d.C, d.C)
			golden.Close(t, c.F32("dx"), grads[0], 1e-5)
			golden.Close(t, c.F32("dw"), grads[1], 1e-5)
			golden.Close(t, c.F32("db"), grads[2], 1e-5)

			keep, m := float32(1-c.Float("momentum")), float32(d.N*d.Spatial)
			p, err = NewMovingAverage(d.C, keep, 1)
			mean := check(t, must(t, p, err), [][]float32{out[1], c.F32("running_mean")}, d.C)[0]
			golden.Close(t, c.F32("new_running_mean"), mean, 1e-5)
			p, err = NewMovingAverage(d.C, keep, m/(m-1))
			variance := check(t, must(t, p, err), [][]float32{out[2], c.F32("running_var")}, d.C)[0]
			golden.Close(t, c.F32("new_running_var"), variance, 1e-5)

			p, err = NewBatchNormInference(d)
			y := check(t, must(t, p, err), [][]float32{x, w, c.F32("b"), c.F32("running_mean"), c.F32("running_var")}, n)[0]
			golden.Close(t, c.F32("y_infer"), y, 1e-5)
		})
	}
}

// axes puts D = 1 before the sizes of an image; rest is the value for D.
func axes(sizes []int, rest int) (a [3]int) {
	a[0] = rest
	copy(a[3-len(sizes):], sizes)
	return a
}

func TestPoolingAgainstPyTorch(t *testing.T) {
	for op, kind := range map[string]PoolingKind{"maxpool": MaxPooling, "avgpool": AveragePooling} {
		for _, name := range golden.Names(t, op) {
			t.Run(name, func(t *testing.T) {
				c := golden.Load(t, name)
				s, pad := c.Shape("x"), axes(c.Ints("pad"), 0)
				d := PoolingDesc{
					Kind: kind, N: s[0], C: s[1], In: axes(s[2:], 1),
					Kernel: axes(c.Ints("kernel"), 1), Stride: axes(c.Ints("stride"), 1),
					PadLo: pad, PadHi: pad, CountPad: c.Bool("count_include_pad"),
				}
				for a := range d.Out {
					d.Out[a] = PoolSize(d.In[a], d.Kernel[a], d.Stride[a], pad[a], pad[a], c.Bool("ceil"))
				}
				assert.Equal(t, axes(c.Shape("y")[2:], 1), d.Out)
				x, y, dx := c.F32("x"), c.F32("y"), c.F32("dx")
				p, err := NewPooling(d)
				golden.Close(t, y, check(t, must(t, p, err), [][]float32{x}, len(y))[0], 1e-6)
				p, err = NewPoolingBackward(d)
				golden.Close(t, dx, check(t, must(t, p, err), [][]float32{c.F32("dy"), x}, len(dx))[0], 1e-6)
			})
		}
	}
}

func TestUpsampleAgainstPyTorch(t *testing.T) {
	c := golden.Load(t, "upsample3d_nearest")
	s := c.Shape("x")
	d := UpsampleDesc{N: s[0], C: s[1], In: axes(s[2:], 1), Scale: axes(c.Ints("scale"), 1)}
	p, err := NewUpsample(d)
	golden.Close(t, c.F32("y"), check(t, must(t, p, err), [][]float32{c.F32("x")}, len(c.F32("y")))[0], 1e-6)
	p, err = NewUpsampleBackward(d)
	golden.Close(t, c.F32("dx"), check(t, must(t, p, err), [][]float32{c.F32("dy")}, len(c.F32("x")))[0], 1e-6)
}

func TestLossAgainstPyTorch(t *testing.T) {
	for name, d := range map[string]LossDesc{
		"loss_bce_logits":        {Kind: BCE},
		"loss_softmax_ce":        {Kind: SoftmaxCE},
		"loss_softmax_ce_smooth": {Kind: SoftmaxCE, Smoothing: 0.1},
		"loss_mse":               {Kind: MSE},
		"loss_mae":               {Kind: MAE},
		"loss_mape":              {Kind: MAPE},
	} {
		t.Run(name, func(t *testing.T) {
			c := golden.Load(t, name)
			d.Rows, d.Cols = c.Shape("x")[0], c.Shape("x")[1]
			in := [][]float32{c.F32("x"), goldenTarget(c, d.Kind)}
			p, err := NewLoss(d)
			golden.Close(t, c.F32("loss"), check(t, must(t, p, err), in, 1)[0], 1e-5)
			p, err = NewLossBackward(d)
			in = append(in, []float32{1})
			golden.Close(t, c.F32("dx"), check(t, must(t, p, err), in, len(in[0]))[0], 1e-5)
		})
	}
}

func goldenTarget(c *golden.Case, kind LossKind) []float32 {
	if kind != SoftmaxCE {
		return c.F32("target")
	}
	var target []float32
	for _, class := range c.I64("target") {
		target = append(target, float32(class))
	}
	return target
}
