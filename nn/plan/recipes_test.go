package plan

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// caffe is a run of Caffe as its solver file has it, by the formula of sgd_solver.cpp.
type caffe struct {
	steps, warmup   int
	start, base     float64
	horizon, power  float64
	decay           float64
	augment         Augment
	from            string
	reset, collapse bool
}

func (c caffe) rate(i int) float64 {
	if i < c.warmup {
		return (float64(i)*c.base + float64(c.warmup-i)*c.start) / float64(c.warmup)
	}
	return c.base * math.Pow(1-float64(i)/c.horizon, c.power)
}

func TestRecipesAreThePublishedRunsStepByStep(t *testing.T) {
	for name, c := range map[string]struct {
		plan  Plan
		names []string
		runs  []caffe
		steps uint64
	}{
		"A": {RecipeA(), []string{"main", "mainc"}, []caffe{
			{steps: 7638, warmup: 446, start: 0.1, base: 4.8, horizon: 8040, power: 1, decay: 5e-5, augment: Full, reset: true},
			{steps: 402, base: 0.254, horizon: 402, power: 2, decay: 1e-4, augment: NoScale, from: "main", reset: true, collapse: true},
		}, 8040},
		"B": {RecipeB(), []string{"init", "cyc1", "cyc2", "cyc3", "cyc3c"}, []caffe{
			{steps: 7800, warmup: 1560, start: 0.1, base: 1.6, horizon: 18720, power: 1, decay: 5e-5, augment: Full, reset: true},
			{steps: 3750, base: 1.02, horizon: 7500, power: 2, decay: 5e-5, augment: Full, from: "init", reset: true},
			{steps: 4750, warmup: 1000, start: 0.255, base: 0.764, horizon: 7500, power: 2, decay: 5e-5, augment: Full, from: "cyc1", reset: true},
			{steps: 4750, warmup: 1000, start: 0.19, base: 0.572, horizon: 7500, power: 2, decay: 5e-5, augment: Full, from: "cyc2", reset: true},
			{steps: 1560, base: 0.143, horizon: 1560, power: 2, decay: 2e-4, augment: NoScale, from: "cyc3", reset: true, collapse: true},
		}, 22610},
	} {
		t.Run(name, func(t *testing.T) {
			line := resolve(t, c.plan, 313)
			require.Equal(t, c.steps, line.Steps())
			step := uint64(0)
			for k, run := range c.runs {
				for i := range run.steps {
					p, err := line.At(step)
					require.NoError(t, err)
					require.Equal(t, k, p.Index)
					require.Equal(t, uint64(i), p.Step)
					require.InDelta(t, run.rate(i), p.LR, 1e-12, "%s at %d", p.Segment.Name, i)
					require.Equal(t, run.decay, p.WeightDecay)
					require.Equal(t, 0.9, p.Momentum)
					require.Equal(t, run.augment, p.Augment)
					step++
				}
				s := line.Segments()[k]
				assert.Equal(t, c.names[k], s.Name)
				assert.Equal(t, run.from, s.From)
				assert.Equal(t, run.reset, s.ResetOptimizer)
				assert.Equal(t, run.collapse, s.Collapse)
				assert.Equal(t, run.collapse, s.Member, "one member comes of each recipe")
			}
		})
	}
}

// The values of the published files with the digits to which they were read off.
func TestRecipeBHasThePublishedRates(t *testing.T) {
	line := resolve(t, RecipeB(), 313)
	const cyc1, cyc2, cyc3, collapse = 7800, 7800 + 3750, 7800 + 3750 + 4750, 7800 + 3750 + 2*4750
	for step, rate := range map[uint64]float64{
		0: 0.1, 780: 0.85, 1559: 1.5990385, 1560: 1.4666667, 7799: 0.9334188,
		cyc1: 1.02, cyc2: 0.255, cyc2 + 500: 0.5095, cyc2 + 1000: 0.5738489, cyc2 + 4749: 0.1027903,
		cyc3: 0.19, collapse: 0.143, collapse + 780: 0.03575, collapse + 1559: 5.9e-8,
	} {
		p, err := line.At(step)
		require.NoError(t, err)
		assert.InDelta(t, rate, p.LR, 1e-7, "step %d", step)
	}
	p, err := line.At(cyc1)
	require.NoError(t, err)
	assert.Equal(t, "cyc1", p.Segment.Name)
}

// In closed form: b_k = b_0·0.75^k, lr = b_k (1 - i/T)², T twice the cycle, collapses
// from b_k/4, warm-ups from b_{k-1}/4.
func TestCollapsedEnsembleIsItsClosedForm(t *testing.T) {
	const epoch, b0 = 100, 1.02
	line := resolve(t, CollapsedEnsemble{LR: b0, Cycles: 4}.Plan(), epoch)
	step, from := uint64(0), b0/16
	next := func() Point {
		p, err := line.At(step)
		require.NoError(t, err)
		step++
		return p
	}
	for k := range 4 {
		b, warmup := b0*math.Pow(0.75, float64(k)), 3*epoch
		if k == 0 {
			warmup = 5 * epoch
		}
		for i := range warmup {
			require.InDelta(t, from+(b-from)*float64(i)/float64(warmup), next().LR, 1e-12)
		}
		for i := range 12 * epoch {
			require.InDelta(t, b*math.Pow(1-float64(i)/(24*epoch), 2), next().LR, 1e-12)
		}
		for j := range 5 * epoch {
			p := next()
			require.InDelta(t, b/4*math.Pow(1-float64(j)/(5*epoch), 2), p.LR, 1e-12)
			require.Equal(t, 2e-4, p.WeightDecay)
			require.Equal(t, NoScale, p.Augment)
		}
		from = b / 4
	}
	assert.Equal(t, line.Steps(), step)
	for k, s := range line.Segments() {
		assert.Equal(t, []string{"1", "1c", "2", "2c", "3", "3c", "4", "4c"}[k], s.Name)
		assert.Equal(t, []string{"", "1", "1", "2", "2", "3", "3", "4"}[k], s.From)
		assert.Equal(t, k%2 == 1, s.Member, s.Name)
		assert.Equal(t, k%2 == 0 && k < 6, s.Keep, s.Name)
		assert.Equal(t, k%2 == 1 || k == 0, s.ResetOptimizer, s.Name)
	}
}

// Plans made of phases follow the one law that the paper has for the whole.
func TestEnsemblePlansFollowTheLawsOfTheirPapers(t *testing.T) {
	const epoch = 50
	for name, c := range map[string]struct {
		plan Plan
		law  schedule.Law
	}{
		"snapshots": {SnapshotEnsemble{}.Plan(), schedule.Snapshot{Max: 0.2, Length: 200 * epoch, Cycles: 5}},
		"fge":       {FastGeometric{}.Plan(), schedule.FGE{High: 0.05, Low: 1e-4, Cycle: 4 * epoch}},
		"swa":       {WeightAverage{}.Plan(), schedule.SWA{Base: 0.1, Average: 0.05, Start: 161 * epoch}},
	} {
		t.Run(name, func(t *testing.T) {
			line := resolve(t, c.plan, epoch)
			for step := range line.Steps() {
				p, err := line.At(step)
				require.NoError(t, err)
				require.InDelta(t, c.law.At(step), p.LR, 1e-12, "step %d", step)
			}
		})
	}
	var ends []uint64
	for _, s := range resolve(t, FastGeometric{}.Plan(), epoch).Segments() {
		require.True(t, s.Member)
		ends = append(ends, (s.First+s.Length)/epoch)
	}
	assert.Equal(t, []uint64{2, 6, 10, 14, 18}, ends, "epochs of the members")
	swa := resolve(t, WeightAverage{}.Plan(), epoch).Segments()
	assert.Equal(t, uint64(161*epoch), swa[1].First)
	assert.Equal(t, uint64(epoch), swa[1].Average)
	assert.Zero(t, swa[0].Average)
}

func TestBaselinesCountMilestonesFromTheStart(t *testing.T) {
	b := Baseline{LR: 1.6, Warmup: 5, From: 0.1}
	for _, c := range []struct {
		name  string
		plan  Plan
		epoch uint64
		rate  float64
	}{
		{"steps", b.Steps(), 0, 0.1},
		{"steps", b.Steps(), 29, 1.6},
		{"steps", b.Steps(), 30, 0.16},
		{"steps", b.Steps(), 60, 0.016},
		{"steps", b.Steps(), 79, 0.016},
		{"steps", b.Steps(), 80, 0.0016},
		{"cosine", b.Cosine(), 5, 1.6},
		{"cosine", b.Cosine(), 39, 0.8 * (1 + math.Cos(math.Pi*34/85))},
		{"poly", b.Poly(2), 5, 1.6},
		{"poly", b.Poly(2), 56, 1.6 * math.Pow(1-51./85, 2)},
		{"without warm-up", Baseline{LR: 1.6, Epochs: 10}.Poly(1), 5, 0.8},
	} {
		p, err := resolve(t, c.plan, 1000).At(c.epoch * 1000)
		require.NoError(t, err)
		assert.InDelta(t, c.rate, p.LR, 1e-12, "%s at epoch %d", c.name, c.epoch)
	}
}

// Settings that make no sense come out when the plan is resolved.
func TestReadyPlansRefuseWhatCannotBe(t *testing.T) {
	for want, p := range map[string]Plan{
		"there are no phases":                  CollapsedEnsemble{LR: 1, Cycles: -1}.Plan(),
		"Poly.Horizon is +Inf":                 CollapsedEnsemble{LR: 1, Cut: 1}.Plan(),
		"Poly.Base is -1":                      CollapsedEnsemble{LR: -1}.Plan(),
		`"1": its length is -2 epochs`:         FastGeometric{Cycle: -4}.Plan(),
		`"average": its length is -61 epochs`:  WeightAverage{Epochs: 100}.Plan(),
		`"3": its length is -2 epochs`:         SnapshotEnsemble{Epochs: -10}.Plan(),
		"Warmup.Steps is -1":                   Baseline{LR: 1, Warmup: -1}.Steps(),
		"the warm-up takes 10000 of 9000 step": Baseline{LR: 1, Warmup: 100}.Cosine(),
	} {
		_, err := p.Resolve(100, Length{})
		require.ErrorIs(t, err, ErrPlan, want)
		assert.ErrorContains(t, err, want)
	}
}

func resolve(t *testing.T, p Plan, stepsPerEpoch uint64) *Timeline {
	t.Helper()
	line, err := p.Resolve(stepsPerEpoch, Length{})
	require.NoError(t, err)
	return line
}
