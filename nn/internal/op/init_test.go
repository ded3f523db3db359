package op

import (
	"math"
	"testing"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn/internal/ir"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInitialisers(t *testing.T) {
	const n = 40000
	for _, tc := range []struct {
		name          string
		init          ir.Initialiser
		fanIn, fanOut int
		variance      float64
		bounded       bool // to ±√(3·variance), as an even distribution is
	}{
		{"glorot uniform", GlorotUniform{}, 30, 20, 2. / 50, true},
		{"glorot normal", GlorotNormal{}, 30, 20, 2. / 50, false},
		{"he uniform", HeUniform{}, 30, 20, 2. / 30, true},
		{"he normal", HeNormal{}, 30, 20, 2. / 30, false},
		{"normal", Normal(0.25), 30, 20, 0.0625, false},
		{"fans that an operation did not state", HeNormal{}, 0, 0, 2, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := philox.NewStream(3, 4)
			x := make([]float32, n)
			tc.init.Fill(x, tc.fanIn, tc.fanOut, &r)
			var sum, squares, largest float64
			for _, v := range x {
				sum += float64(v)
				squares += float64(v) * float64(v)
				largest = max(largest, math.Abs(float64(v)))
			}
			deviation := math.Sqrt(tc.variance)
			assert.InDelta(t, 0, sum/n, 5*deviation/math.Sqrt(n))
			assert.InEpsilon(t, tc.variance, squares/n, 0.03)
			edge := math.Sqrt(3) * deviation
			assert.Equal(t, tc.bounded, largest <= edge*(1+1e-6))
			assert.Greater(t, largest, 0.99*edge)
		})
	}
}

func TestInitialisersDrawFromTheirStream(t *testing.T) {
	draw := func(stream uint64) []float32 {
		r := philox.NewStream(3, stream)
		x := make([]float32, 7)
		GlorotUniform{}.Fill(x, 1, 1, &r)
		return x
	}
	assert.Equal(t, draw(1), draw(1))
	assert.NotEqual(t, draw(1), draw(2))
}

func TestConstantNeedsNoStream(t *testing.T) {
	x := make([]float32, 3)
	Constant(0.5).Fill(x, 0, 0, nil)
	assert.Equal(t, []float32{0.5, 0.5, 0.5}, x)
}

func TestVariables(t *testing.T) {
	image, volume := ir.Sample(4, 9, 9), ir.Sample(4, 9, 9, 9)
	for _, tc := range []struct {
		name          string
		op            ir.Parametric
		in            ir.Type
		weights       []int
		fanIn, fanOut int
		bias          int // its length; 0 is none
	}{
		{"conv of an image", Conv{Filters: 6, Groups: 1, Window: square(3, 1, 1, 0), Bias: true}, image, []int{6, 4, 3, 3}, 36, 54, 6},
		{"conv of a volume", Conv{Filters: 6, Groups: 1, Window: cube(2, 1, 1, 0)}, volume, []int{6, 4, 2, 2, 2}, 32, 48, 0},
		{"depthwise conv", Conv{Filters: 8, Groups: 4, Window: square(3, 1, 1, 0)}, image, []int{8, 1, 3, 3}, 9, 72, 0},
		{"deconv", Deconv{Filters: 6, Groups: 1, Window: square(3, 1, 1, 0), Bias: true}, image, []int{4, 6, 3, 3}, 54, 36, 6},
		{"deconv in groups", Deconv{Filters: 6, Groups: 2, Window: cube(2, 1, 1, 0)}, volume, []int{4, 3, 2, 2, 2}, 24, 32, 0},
		{"dense", Dense{Units: 7, Bias: true}, ir.Sample(5), []int{7, 5}, 5, 7, 7},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v, err := tc.op.Variables([]ir.Type{tc.in})
			require.NoError(t, err)
			assert.Equal(t, ir.VariableSpec{Name: "weights", Shape: tc.weights, Init: GlorotUniform{}, FanIn: tc.fanIn, FanOut: tc.fanOut}, v[0])
			if tc.bias == 0 {
				assert.Len(t, v, 1)
				return
			}
			require.Len(t, v, 2)
			assert.Equal(t, ir.VariableSpec{Name: "bias", Shape: []int{tc.bias}, Init: Constant(0), FanIn: tc.fanIn, FanOut: tc.fanOut}, v[1])
		})
	}
}

func TestVariablesBeginAsTheyAreTold(t *testing.T) {
	image, window := ir.Sample(4, 9, 9), square(3, 1, 1, 0)
	for _, tc := range []struct {
		name string
		op   ir.Parametric
		in   ir.Type
	}{
		{"conv", Conv{Filters: 6, Groups: 1, Window: window, Bias: true, Init: HeNormal{}, BiasInit: Constant(2)}, image},
		{"deconv", Deconv{Filters: 6, Groups: 1, Window: window, Bias: true, Init: HeNormal{}, BiasInit: Constant(2)}, image},
		{"dense", Dense{Units: 2, Bias: true, Init: HeNormal{}, BiasInit: Constant(2)}, ir.Sample(3)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v, err := tc.op.Variables([]ir.Type{tc.in})
			require.NoError(t, err)
			assert.Equal(t, HeNormal{}, v[0].Init)
			assert.Equal(t, Constant(2), v[1].Init)
		})
	}
	_, err := Dense{Units: 2, BiasInit: Constant(2)}.Variables([]ir.Type{ir.Sample(3)})
	assert.ErrorContains(t, err, "an initialiser for the bias, which is left out")
}

func TestVariablesOfBatchNorm(t *testing.T) {
	v, err := BatchNorm{Eps: 1e-5, Momentum: 0.9}.Variables([]ir.Type{ir.Sample(3, 8, 8)})
	require.NoError(t, err)
	assert.Equal(t, []ir.VariableSpec{
		{Name: "gamma", Shape: []int{3}, Init: Constant(1)},
		{Name: "beta", Shape: []int{3}, Init: Constant(0)},
		{Name: "running_mean", Shape: []int{3}, Role: ir.Statistic, Init: Constant(0)},
		{Name: "running_var", Shape: []int{3}, Role: ir.Statistic, Init: Constant(1)},
	}, v)
	v, err = BatchNorm{Eps: 1e-5, Gamma: Constant(0)}.Variables([]ir.Type{ir.Sample(3)})
	require.NoError(t, err)
	assert.Equal(t, Constant(0), v[0].Init)
}
