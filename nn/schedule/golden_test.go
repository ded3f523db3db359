package schedule

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goldens are the laws of testdata/golden.py, by name.
var goldens = map[string]Law{
	"init of resnet50_custom_lr":     Warmup{From: 0.1, Steps: 1560, Then: Poly{Base: 1.6, Horizon: 18720}},
	"cyc1 of resnet50_custom_lr":     Poly{Base: 1.02, Power: 2, Horizon: 7500},
	"cyc2 of resnet50_custom_lr":     Warmup{From: 0.255, Steps: 1000, Then: Poly{Base: 0.764, Power: 2, Horizon: 7500}},
	"cyc3 of resnet50_custom_lr":     Warmup{From: 0.19, Steps: 1000, Then: Poly{Base: 0.572, Power: 2, Horizon: 7500}},
	"collapse of resnet50_custom_lr": Poly{Base: 0.143, Power: 2, Horizon: 1560},
	"main of resnet50_448nodes":      Warmup{From: 0.1, Steps: 446, Then: Poly{Base: 4.8, Horizon: 8040}},
	"collapse of resnet50_448nodes":  Poly{Base: 0.254, Power: 2, Horizon: 402},

	"StepLR":            Step{Base: 0.5, Factor: 0.3, Every: 7},
	"MultiStepLR":       MultiStep{Base: 3.2, Milestones: []float64{30, 60, 80}},
	"ExponentialLR":     Exponential{Base: 0.5, Factor: 0.97},
	"PolynomialLR":      Poly{Base: 0.7, Power: 1.5, Horizon: 60},
	"CosineAnnealingLR": Cosine{Max: 0.4, Min: 0.01, Length: 80},
	"PolynomialDecay":   Poly{Base: 0.1, End: 1e-4, Power: 0.5, Horizon: 100},

	"CosineAnnealingWarmRestarts":               SGDR{Max: 0.1, Min: 0.001, Period: 10, Growth: 2},
	"CosineAnnealingWarmRestarts of one period": SGDR{Max: 0.1, Period: 13},
	"CosineDecayRestarts":                       SGDR{Max: 0.1, Period: 10, Growth: 2, Shrink: 0.8},
	"snapshot, eq. 2":                           Snapshot{Max: 0.2, Length: 1001, Cycles: 5},

	"triangular":        Cyclic{Low: 0.001, High: 0.006, Up: 20},
	"triangular2":       Cyclic{Low: 0.001, High: 0.006, Up: 20, Mode: Triangular2},
	"exp_range":         Cyclic{Low: 0.001, High: 0.006, Up: 20, Mode: ExpRange, Gamma: 0.994},
	"CyclicLR":          Cyclic{Low: 0.01, High: 0.1, Up: 10, Down: 25},
	"CyclicLR momentum": Cyclic{Low: 0.01, High: 0.1, Up: 10, Down: 25}.Momentum(0.8, 0.95),

	"OneCycleLR":                       OneCycle{Max: 1, Length: 200},
	"OneCycleLR linear":                OneCycle{Max: 1, Length: 200, Linear: true},
	"OneCycleLR three phases":          OneCycle{Max: 1, Length: 200, ThreePhase: true},
	"OneCycleLR momentum":              OneCycle{Max: 1, Length: 200}.Momentum(0.85, 0.95),
	"OneCycleLR momentum three phases": OneCycle{Max: 1, Length: 200, ThreePhase: true}.Momentum(0.85, 0.95),

	"fge": FGE{High: 0.05, Low: 1e-4, Cycle: 100},
	"swa": SWA{Base: 0.1, Average: 0.05, Start: 161},

	"warm-up along multistep": Warmup{Steps: 5, Then: MultiStep{Base: 1.6, Milestones: []float64{30, 60, 80}}},
	"warm-up, then cosine":    Warmup{From: 0.08, Steps: 5, Then: Cosine{Max: 0.8, Length: 85}, Rebase: true},
}

func TestLawsHaveTheValuesOfOtherPrograms(t *testing.T) {
	file, err := os.ReadFile("testdata/golden.json")
	require.NoError(t, err)
	var cases map[string]struct {
		Steps  []uint64
		Values []float64
	}
	require.NoError(t, json.Unmarshal(file, &cases))
	require.Len(t, cases, len(goldens))
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			law := goldens[name]
			require.NoError(t, Check(law))
			require.NotEmpty(t, c.Steps)
			for i, step := range c.Steps {
				assert.InDelta(t, c.Values[i], law.At(step), 1e-12, "step %d", step)
			}
		})
	}
}

// The values that were read off the published Caffe files, with the digits given there.
func TestPublishedRatesOfCodreanu(t *testing.T) {
	first, second, collapse := goldens["init of resnet50_custom_lr"], goldens["cyc2 of resnet50_custom_lr"], goldens["collapse of resnet50_custom_lr"]
	for _, c := range []struct {
		law  Law
		step uint64
		rate float64
	}{
		{first, 0, 0.1},
		{first, 780, 0.85},
		{first, 1559, 1.5990385},
		{first, 1560, 1.4666667},
		{first, 7799, 0.9334188},
		{second, 0, 0.255},
		{second, 500, 0.5095},
		{second, 1000, 0.5738489},
		{second, 4749, 0.1027903},
		{collapse, 0, 0.143},
		{collapse, 780, 0.03575},
		{collapse, 1559, 5.9e-8},
		{collapse, 1560, 0},
	} {
		assert.InDelta(t, c.rate, c.law.At(c.step), 1e-7, "%v at %d", c.law, c.step)
	}
	assert.Equal(t, 1.6, ScaleLinearly(0.1, 256, 4096))
	assert.InDelta(t, 5.6, ScaleLinearly(0.1, 256, 14336), 1e-12)
}
