package plan

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/schedule"
)

// A stretched plan has, at each share of each segment, the rate of the plan as it was.
func TestStretchKeepsEveryProportion(t *testing.T) {
	for _, p := range []Plan{RecipeA(), RecipeB(), CollapsedEnsemble{LR: 1}.Plan(), SnapshotEnsemble{}.Plan(), Baseline{LR: 1, Warmup: 5}.Steps()} {
		short := resolve(t, p, 300)
		for _, by := range []uint64{1, 2, 3} {
			long := resolve(t, p.Stretch(Steps(by*short.Steps())), 300)
			require.Equal(t, by*short.Steps(), long.Steps())
			for i, s := range short.Segments() {
				l := long.Segments()[i]
				require.Equal(t, by*s.First, l.First, "%s: %s", p.Name, s.Name)
				require.Equal(t, by*s.Length, l.Length)
			}
			for step := uint64(0); step < short.Steps(); step += 7 {
				at, err := short.At(step)
				require.NoError(t, err)
				there, err := long.At(by * step)
				require.NoError(t, err)
				require.InDelta(t, at.LR, there.LR, 1e-9, "%s: %s at %d", p.Name, at.Segment.Name, at.Step)
			}
		}
	}
}

func TestStretchTakesAPublishedPlanToAnyBudget(t *testing.T) {
	line := resolve(t, RecipeB().Stretch(Epochs(30)), 235)
	assert.Equal(t, uint64(30*235), line.Steps())
	first, collapse := line.Segments()[0], line.Segments()[4]
	assert.Equal(t, uint64(2432), first.Length) // 7800·7050/22610 = 2432.1
	assert.Equal(t, uint64(486), collapse.Length)
	warm := first.LR.(schedule.Warmup)
	assert.InDelta(t, 1560*7050./22610, warm.Steps, 1e-9)
	assert.Equal(t, 0.143, collapse.LR.At(0))
	assert.InDelta(t, 0, collapse.LR.At(485), 1e-6)

	share, err := RecipeB().Stretch(Share(0.5)).Resolve(235, Epochs(60))
	require.NoError(t, err)
	assert.Equal(t, line.Segments(), share.Segments())
	again := resolve(t, RecipeB().Stretch(Epochs(7)).Stretch(Epochs(30)), 235)
	assert.Equal(t, line.Segments(), again.Segments(), "the second call counts")
}

func TestScaleTakesAPlanToAnotherBatch(t *testing.T) {
	plan := RecipeB()
	small := resolve(t, plan.Scale(256./4096), 5005)
	large := resolve(t, plan, 5005)
	for step := uint64(0); step < large.Steps(); step += 11 {
		a, err := small.At(step)
		require.NoError(t, err)
		b, err := large.At(step)
		require.NoError(t, err)
		require.InDelta(t, b.LR/16, a.LR, 1e-15)
		require.Equal(t, b.WeightDecay, a.WeightDecay)
	}
	assert.Equal(t, 0.143, plan.Phases[3].Collapse.LR, "the plan itself stays as it is")
}

func TestLengthsMayBeEpochsStepsOrShares(t *testing.T) {
	p := Plan{Name: "mixed", Phases: []Phase{
		{Name: "a", Length: Epochs(2.5), LR: schedule.Poly{Base: 1}},
		{Name: "b", Length: Steps(50), LR: schedule.Constant(0.1), Collapse: &Collapse{Length: Share(0.25)}},
		{Name: "c", Length: Share(0.5), LR: schedule.Cosine{Max: 1}},
	}}
	line, err := p.Resolve(60, Epochs(40./3)) // 800 steps
	require.NoError(t, err)
	var lengths []uint64
	for _, s := range line.Segments() {
		lengths = append(lengths, s.Length)
	}
	assert.Equal(t, []uint64{150, 50, 200, 400}, lengths)
	assert.Equal(t, schedule.Poly{Base: 1, Horizon: 150}, line.Segments()[0].LR, "an open length is that of the phase")
	assert.Equal(t, schedule.Cosine{Max: 1, Length: 400}, line.Segments()[3].LR)
}

// Each boundary is within half a step of where it is before rounding, the last one too.
func TestRoundingsDoNotAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var p Plan
		sum, real := 0.0, []float64{}
		for i := range 1 + rng.IntN(20) {
			e := 0.05 + rng.Float64()
			sum += 37 * e
			real = append(real, sum)
			p.Phases = append(p.Phases, Phase{Name: string(rune('a' + i)), Length: Epochs(e), LR: schedule.Poly{Base: 1}})
		}
		line := resolve(t, p, 37)
		next := uint64(0)
		for i, s := range line.Segments() {
			require.Equal(t, next, s.First)
			next += s.Length
			require.InDelta(t, real[i], float64(next), 0.5+1e-9)
			require.Zero(t, s.LR.At(s.Length))
			require.Positive(t, s.LR.At(s.Length-1))
		}
		require.Equal(t, next, line.Steps())
	}
}

// A collapse departs from the rate of the last step of its phase, unless it says otherwise.
func TestCollapseDepartsFromItsPhase(t *testing.T) {
	phase := func(c Collapse) Plan {
		c.Length = Steps(10)
		return Plan{Name: "p", Phases: []Phase{{
			Name: "1", Length: Steps(100), LR: schedule.Poly{Base: 1, Horizon: 200},
			WeightDecay: 3e-5, Momentum: schedule.Constant(0.8), Collapse: &c,
		}}}
	}
	const last = 1 - 99./200
	for name, c := range map[string]struct {
		collapse            Collapse
		first, fifth, decay float64
		augment             Augment
	}{
		"defaults":     {Collapse{}, last, last / 4, 6e-5, NoScale},
		"factor":       {Collapse{Factor: 0.5}, last / 2, last / 8, 6e-5, NoScale},
		"rate":         {Collapse{LR: 0.2}, 0.2, 0.05, 6e-5, NoScale},
		"line":         {Collapse{LR: 0.2, Power: 1}, 0.2, 0.1, 6e-5, NoScale},
		"decay":        {Collapse{WeightDecay: 4}, last, last / 4, 12e-5, NoScale},
		"augmentation": {Collapse{Augment: None}, last, last / 4, 6e-5, None},
	} {
		t.Run(name, func(t *testing.T) {
			line := resolve(t, phase(c.collapse), 100)
			for step, rate := range map[uint64]float64{100: c.first, 105: c.fifth} {
				p, err := line.At(step)
				require.NoError(t, err)
				assert.InDelta(t, rate, p.LR, 1e-15)
				assert.InDelta(t, c.decay, p.WeightDecay, 1e-18)
				assert.Equal(t, 0.8, p.Momentum)
				assert.Equal(t, c.augment, p.Augment)
				assert.True(t, p.Segment.ResetOptimizer && p.Segment.Member && p.Segment.Collapse)
			}
			assert.False(t, line.Segments()[0].Member, "a phase with a collapse is no member")
		})
	}
}

func TestPhasesStartWhereTheySay(t *testing.T) {
	law := schedule.Constant(0.1)
	line := resolve(t, Plan{Name: "p", Phases: []Phase{
		{Name: "1", Length: Steps(9), LR: law, Collapse: &Collapse{Length: Steps(2)}},
		{Name: "2", Length: Steps(9), LR: law},
		{Name: "3", Length: Steps(9), LR: law, Start: "1c"},
		{Name: "4", Length: Steps(9), LR: law, Start: Initial},
		{Name: "5", Length: Steps(9), LR: law, ResetOptimizer: true},
	}}, 9)
	for i, want := range []struct {
		from        string
		reset, keep bool
	}{{"", true, true}, {"1", true, true}, {"1", false, false}, {"1c", false, false}, {"", true, false}, {"4", true, false}} {
		s := line.Segments()[i]
		assert.Equal(t, want.from, s.From, s.Name)
		assert.Equal(t, want.reset, s.ResetOptimizer, s.Name)
		assert.Equal(t, want.keep, s.Keep, s.Name)
	}
}

func TestMomentumFollowsItsLaw(t *testing.T) {
	rate := schedule.OneCycle{Max: 1}
	line := resolve(t, Plan{Name: "1cycle", Phases: []Phase{{
		Name: "1", Length: Epochs(10), LR: rate, Momentum: rate.Momentum(0.85, 0.95),
	}}}, 100)
	whole := schedule.OneCycle{Max: 1, Length: 1000}
	for step := range line.Steps() {
		p, err := line.At(step)
		require.NoError(t, err)
		require.Equal(t, whole.At(step), p.LR)
		require.Equal(t, whole.Momentum(0.85, 0.95).At(step), p.Momentum)
	}
}

func TestResolveListsEveryMistakeWithItsPhase(t *testing.T) {
	law := schedule.Constant(0.1)
	ok := Phase{Name: "ok", Length: Steps(10), LR: law}
	change := func(f func(*Phase)) Plan {
		p := ok
		f(&p)
		return Plan{Name: "p", Phases: []Phase{p}}
	}
	for _, c := range []struct {
		want string
		plan Plan
	}{
		{`plan "p": there are no phases`, Plan{Name: "p"}},
		{`the phase at 0 has no name`, change(func(p *Phase) { p.Name = "" })},
		{`phase "ok": its name is taken`, Plan{Name: "p", Phases: []Phase{ok, ok}}},
		{`phase "initial": its name is taken`, change(func(p *Phase) { p.Name = Initial })},
		{`phase "a": the name of its collapse, "ac", is taken`, Plan{Name: "p", Phases: []Phase{
			{Name: "ac", Length: Steps(1), LR: law},
			{Name: "a", Length: Steps(1), LR: law, Collapse: &Collapse{Length: Steps(1)}},
		}}},
		{`phase "ok": it starts from "later": an earlier phase or collapse is expected`, change(func(p *Phase) { p.Start = "later" })},
		{`phase "ok": its length is no length`, change(func(p *Phase) { p.Length = Length{} })},
		{`phase "ok": its length is -1 epochs`, change(func(p *Phase) { p.Length = Epochs(-1) })},
		{`phase "ok": its length is NaN epochs`, change(func(p *Phase) { p.Length = Epochs(math.NaN()) })},
		{`phase "ok": its length is 0.1 of the budget: Resolve was given no budget`, change(func(p *Phase) { p.Length = Share(0.1) })},
		{`phase "ok": its length is 1.5 of the budget: at most all of it`, change(func(p *Phase) { p.Length = Share(1.5) })},
		{`phase "ok": "ok" is shorter than a step`, change(func(p *Phase) { p.Length = Epochs(0.001) })},
		{`phase "ok": the length of its collapse is no length`, change(func(p *Phase) { p.Collapse = &Collapse{} })},
		{`phase "ok": Collapse.Factor is -1`, change(func(p *Phase) { p.Collapse = &Collapse{Length: Steps(1), Factor: -1} })},
		{`phase "ok": "okc" is shorter than a step`, change(func(p *Phase) { p.Collapse = &Collapse{Length: Epochs(0.001)} })},
		{`phase "ok": learning rate: schedule: Law is nil`, change(func(p *Phase) { p.LR = nil })},
		{`phase "ok": learning rate: schedule: SGDR.Period is 0`, change(func(p *Phase) { p.LR = schedule.SGDR{Max: 1} })},
		{`phase "ok": learning rate: the warm-up takes 11 of 10 steps`, change(func(p *Phase) { p.LR = schedule.Warmup{Steps: 11, Then: law} })},
		{`phase "ok": learning rate: the warm-up takes 11 of 10 steps`, change(func(p *Phase) { p.LR = schedule.Warmup{Steps: 11, Then: law} }).Scale(0.5)},
		{`phase "ok": learning rate: it is +Inf at step 4`, change(func(p *Phase) { p.LR = schedule.Exponential{Base: 1, Factor: 1e100} })},
		{`phase "ok": momentum: it is 1 at step 0: a number from 0 to less than 1`, change(func(p *Phase) { p.Momentum = schedule.Constant(1) })},
		{`phase "ok": the unit of its laws is 0 epochs`, change(func(p *Phase) { p.Unit = Epochs(0) })},
		{`phase "ok": its weight decay is -1`, change(func(p *Phase) { p.WeightDecay = -1 })},
		{`phase "ok": it averages every -1 epochs`, change(func(p *Phase) { p.Average = Epochs(-1) })},
		{`it is stretched to 0 steps: a finite length above 0`, change(func(*Phase) {}).Stretch(Steps(0))},
		{`take 1e+300 steps: at most 2^53`, change(func(*Phase) {}).Stretch(Epochs(1e300))},
	} {
		t.Run(c.want, func(t *testing.T) {
			line, err := c.plan.Resolve(1, Length{})
			require.ErrorContains(t, err, c.want)
			require.ErrorIs(t, err, ErrPlan)
			assert.Nil(t, line)
		})
	}
	_, err := RecipeA().Resolve(0, Length{})
	require.ErrorContains(t, err, "an epoch of 0 steps")
	_, err = RecipeA().Resolve(89, Epochs(-3))
	require.ErrorContains(t, err, "the budget is -3 epochs")
	_, err = RecipeA().Resolve(89, Steps(8039))
	require.ErrorContains(t, err, "take 8040 steps: the budget is 8039")
	_, err = RecipeA().Resolve(89, Steps(8040))
	require.NoError(t, err)

	two := Plan{Name: "two", Phases: []Phase{{Name: "a", Length: Steps(5)}, {Name: "b", Length: Steps(5), LR: schedule.Step{Base: -1}, WeightDecay: -1}}}
	_, err = two.Resolve(1, Length{})
	var setting *schedule.SettingError
	require.ErrorAs(t, err, &setting)
	for _, want := range []string{`phase "a": learning rate: schedule: Law`, `phase "b": its weight decay`, "Step.Base is -1", "Step.Every is 0"} {
		assert.ErrorContains(t, err, want)
	}
}

func TestNoPlanPanics(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	odd := []float64{0, -1, 1, 0.5, 10, 1e18, 1e300, math.NaN(), math.Inf(1)}
	v := func() float64 { return odd[rng.IntN(len(odd))] }
	length := func() Length {
		return []Length{{}, Epochs(v()), Steps(rng.Uint64() >> rng.IntN(64)), Share(v()), Steps(10)}[min(rng.IntN(12), 4)]
	}
	names := strings.Split(",a,ac,b,initial,x", ",")
	resolved := 0
	for range 5000 {
		p := Plan{Name: "odd"}
		for range rng.IntN(4) {
			p.Phases = append(p.Phases, Phase{
				Name: string(rune('a' + len(p.Phases))), Length: length(), LR: []schedule.Law{nil, schedule.Constant(v()), schedule.Poly{Base: 1}}[min(rng.IntN(6), 2)],
				Momentum: []schedule.Law{nil, schedule.Constant(v())}[rng.IntN(2)], WeightDecay: max(0, v()), Start: names[rng.IntN(2)*rng.IntN(len(names))],
				Collapse: []*Collapse{nil, {Length: length(), LR: v(), Power: v(), Factor: v()}}[rng.IntN(2)],
			})
		}
		if rng.IntN(3) == 0 {
			p = p.Stretch(length()).Scale(v())
		}
		require.NotPanics(t, func() {
			line, err := p.Resolve(uint64(rng.IntN(200)), []Length{{}, length()}[rng.IntN(2)])
			if err != nil {
				require.ErrorIs(t, err, ErrPlan)
				return
			}
			resolved++
			_, err = line.At(line.Steps() - 1)
			require.NoError(t, err)
			_, err = line.At(line.Steps())
			require.True(t, errors.Is(err, ErrPastEnd))
		}, "%+v", p)
	}
	assert.Greater(t, resolved, 100)
}
