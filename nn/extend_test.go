package nn_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/conv3d"
	"github.com/cascade-hpc/cascade/ops"
)

// power is an operation of another package: y = a·xᵖ for x ≥ 0, with a trained
// scalar a.
type power struct{ p float64 }

func (power) Kind() string { return "Power" }

func (o power) Infer(in []nn.Type) ([]nn.Type, error) {
	if o.p <= 0 {
		return nil, fmt.Errorf("%w: power %g: it must be positive", nn.ErrShape, o.p)
	}
	return in[:1:1], nil
}

func (power) Variables([]nn.Type) ([]nn.VariableSpec, error) {
	return []nn.VariableSpec{{Name: "scale", Shape: []int{1}, Init: nn.Constant(2)}}, nil
}

func (o power) Lower(*nn.Lowering) (ops.Primitive, error) {
	return &pointwise{func(x, a float64) float64 { return a * math.Pow(x, o.p) }}, nil
}

func (o power) Gradient(g *nn.Gradient) {
	slope := powerSlope(o)
	if g.Needs(0) {
		g.Set(0, g.Emit(chain{slope}, g.DOut(), g.In(0), g.In(1)))
	}
	if g.Needs(1) {
		g.Set(1, g.Emit(total{func(x float64) float64 { return math.Pow(x, o.p) }}, g.DOut(), g.In(0)))
	}
}

type powerSlope power

// chain is dout times the slope at x.
type chain struct{ slope powerSlope }

func (chain) Kind() string                          { return "PowerBackward" }
func (chain) Infer(in []nn.Type) ([]nn.Type, error) { return in[1:2:2], nil }
func (c chain) Lower(*nn.Lowering) (ops.Primitive, error) {
	return &pointwise{func(x, a float64) float64 { return a * c.slope.p * math.Pow(x, c.slope.p-1) }}, nil
}

// total is the sum of dout times a function of x.
type total struct{ f func(float64) float64 }

func (total) Kind() string                                { return "PowerBackwardScale" }
func (total) Infer([]nn.Type) ([]nn.Type, error)          { return []nn.Type{nn.Whole(1)}, nil }
func (o total) Lower(*nn.Lowering) (ops.Primitive, error) { return &sum{o.f}, nil }

// pointwise computes f(x, a), times the gradient if there is one before x.
type pointwise struct{ f func(x, a float64) float64 }

func (*pointwise) Info() ops.Info { return ops.Info{Kind: "power"} }
func (p *pointwise) Exec(_ *ops.Exec, in, out [][]float32) {
	last := len(in) - 1
	for i, x := range in[last-1] {
		v := p.f(float64(x), float64(in[last][0]))
		if last == 2 {
			v *= float64(in[0][i])
		}
		out[0][i] = float32(v)
	}
}

type sum struct{ f func(float64) float64 }

func (*sum) Info() ops.Info { return ops.Info{Kind: "power"} }
func (p *sum) Exec(_ *ops.Exec, in, out [][]float32) {
	s := 0.0
	for i, x := range in[1] {
		s += float64(in[0][i]) * p.f(float64(x))
	}
	out[0][0] = float32(s)
}

// TestOperationOfAnotherPackage trains through an operation that the library does
// not know, on every rank.
func TestOperationOfAnotherPackage(t *testing.T) {
	g := nn.New("outside")
	v := nn.Apply(power{2}, g.Vec("v", 3)).Vec()
	m := nn.Apply(power{2}, g.Map("m", 1, 1, 3)).Map()
	w := conv3d.Of(nn.Apply(power{2}, conv3d.Input(g, "w", 1, 1, 1, 3)))
	net, err := g.Output("y", v.Add(m.Flatten(), w.Flatten())).Build()
	require.NoError(t, err)
	assert.Equal(t, "power_1/scale", net.Params()[0].Path)

	s := nn.New("step")
	y := net.Apply(s, s.Vec("v", 3), s.Map("m", 1, 1, 3), conv3d.Input(s, "w", 1, 1, 1, 3)).Vec("y")
	step, err := s.Loss("l", nn.MSE(y, s.Vec("t", 3))).Build()
	require.NoError(t, err)
	p := compile(t, step, nn.Train(net))
	for _, name := range []string{"v", "m", "w"} {
		copy(input(t, p, name), []float32{1, 2, 3})
	}
	require.NoError(t, p.Run(0))
	// y = 3·2·x², so the loss is the mean of 36·x⁴, and ∂/∂a that of 2·6x²·x².
	assert.InDelta(t, 36.0*(1+16+81)/3, output(t, p, "l")[0], 1e-3)
	for _, param := range net.Params() {
		assert.InDelta(t, 12.0*(1+16+81)/3, param.Grad[0], 1e-3)
	}
}

func TestOperationOfAnotherPackageFails(t *testing.T) {
	g := nn.New("outside")
	at := line() + 1
	g.Output("y", nn.Apply(power{-1}, g.Vec("v", 3)).Vec().Dense(2))
	_, err := g.Build()
	assert.ErrorContains(t, err, fmt.Sprintf(`extend_test.go:%d: Power "power_1": shape error: power -1: it must be positive`, at))
	assert.NotContains(t, err.Error(), "Dense")
}

// opaque cannot be differentiated.
type opaque struct{ power }

func (opaque) Gradient() {} // hides power's

func TestTrainingThroughAnOperationWithoutGradient(t *testing.T) {
	g := nn.New("opaque")
	h := nn.Apply(opaque{power{2}}, g.Vec("v", 3).Dense(3)).Vec()
	net, err := g.Loss("l", nn.MSE(h, g.Vec("t", 3))).Build()
	require.NoError(t, err)
	_, err = nn.Compile(net, nn.Train(net))
	assert.ErrorIs(t, err, nn.ErrUnsupported)
	assert.ErrorContains(t, err, `Power "power_1"`)
	assert.ErrorContains(t, err, "it cannot be trained through")
	_, err = nn.Compile(net)
	assert.NoError(t, err, "inference does not mind")
}

func TestSummary(t *testing.T) {
	g := nn.New("small")
	h := g.Map("image", 1, 6, 6).Conv(2, nn.K(3, 3).NoBias()).As("stem").BatchNorm().ReLU()
	net, err := g.Output("y", nn.Block("head", h.Flatten(), func(x nn.Vec) nn.Vec { return x.Dense(3) })).Build()
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, net.Summary(&b))
	assert.Equal(t, `net "small"
         layer|       kind|  output|  parameters|  MACs|
         image|      Input|   1x6x6|           0|     0|
          stem|       Conv|   2x4x4|          18|   288|
  batch_norm_1|  BatchNorm|   2x4x4|           4|     0|
        relu_1|       ReLU|   2x4x4|           0|     0|
     flatten_1|    Flatten|      32|           0|     0|
  head/dense_1|      Dense|       3|          99|    96|
121 parameters, 4 running statistics, 384 multiply-adds a sample
`, b.String())
	assert.Equal(t, 121, net.Size())
}
