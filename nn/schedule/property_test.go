package schedule

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLawsThatFallNeverRise(t *testing.T) {
	for _, law := range []Law{
		Step{Base: 1, Every: 13},
		MultiStep{Base: 1, Milestones: []float64{10.5, 200}},
		Exponential{Base: 1, Factor: 0.99},
		Poly{Base: 1, Horizon: 300},
		Poly{Base: 1, End: 0.1, Power: 2, Horizon: 333.3},
		Poly{Base: 1, Power: 0.5, Horizon: 77},
		Cosine{Max: 1, Min: 0.2, Length: 300},
		SWA{Base: 0.1, Average: 0.05, Start: 250},
	} {
		for i := range uint64(1000) {
			require.LessOrEqual(t, law.At(i+1), law.At(i), "%v at %d", law, i)
		}
		assert.Less(t, law.At(1000), law.At(0), "%v", law)
	}
}

// Between neighbours a continuous law differs by no more than its steepest slope.
func TestContinuousLawsDoNotJump(t *testing.T) {
	for _, c := range []struct {
		law   Law
		slope float64
	}{
		{Poly{Base: 1, Power: 2, Horizon: 500}, 2. / 500},
		{Cosine{Max: 1, Length: 500}, math.Pi / 2 / 500},
		{Cyclic{Low: 0.1, High: 1, Up: 100, Down: 50}, 0.9 / 50},
		{FGE{High: 1, Low: 0.1, Cycle: 90}, 0.9 / 45},
		{OneCycle{Max: 1, Length: 800}, math.Pi / 2 / 239},
		{OneCycle{Max: 1, Length: 800, ThreePhase: true}, math.Pi / 2 / 239},
		{SWA{Base: 1, Average: 0.1, Start: 500}, 0.9 / 200},
		{Warmup{From: 0.1, Steps: 100, Then: Poly{Base: 1, Horizon: 700}, Rebase: true}, 0.9 / 100},
		{Warmup{From: 0.1, Steps: 99.5, Then: Cosine{Max: 1, Length: 700}, Rebase: true}, 0.9 / 99.5},
	} {
		require.NoError(t, Check(c.law))
		for i := range uint64(1000) {
			require.InDelta(t, c.law.At(i), c.law.At(i+1), c.slope*(1+1e-9), "%v at %d", c.law, i)
		}
	}
}

// Caffe's warm-up does jump: by the part of the descent that the warm-up took.
func TestCaffesWarmupStepsDownWhereItEnds(t *testing.T) {
	law := Warmup{From: 0.1, Steps: 1560, Then: Poly{Base: 1.6, Power: 2, Horizon: 18720}}
	assert.InDelta(t, 1.6*math.Pow(1-1560./18720, 2), law.At(1560), 1e-12)
	assert.InDelta(t, 1.6-1.5/1560, law.At(1559), 1e-12)
}

func TestPeriodicLawsRepeatThemselves(t *testing.T) {
	for _, c := range []struct {
		law    Law
		period uint64
	}{
		{SGDR{Max: 1, Min: 0.1, Period: 97}, 97},
		{Snapshot{Max: 1, Length: 1000, Cycles: 7}, 143},
		{Cyclic{Low: 0.1, High: 1, Up: 30, Down: 41}, 71},
		{FGE{High: 1, Low: 0.1, Cycle: 88}, 88},
	} {
		for i := range uint64(500) {
			require.Equal(t, c.law.At(i), c.law.At(i+c.period*1000), "%v at %d", c.law, i)
		}
	}
}

// After ten million steps a period still ends where it should: there is no sum to drift.
func TestNothingDriftsInTenMillionSteps(t *testing.T) {
	const far = 10_000_000
	assert.Equal(t, 1.0, SGDR{Max: 1, Period: far / 16}.At(far))
	assert.Equal(t, 0.5, SGDR{Max: 1, Period: far / 2}.At(far+far/4))
	assert.Equal(t, 0.1, Cyclic{Low: 0.1, High: 1, Up: 500}.At(far))
	assert.InDelta(t, 1-1./far, Poly{Base: 1, Horizon: far}.At(1), 1e-15)
	assert.InDelta(t, 1./far, Poly{Base: 1, Horizon: far}.At(far-1), 1e-15)
	grown := SGDR{Max: 1, Period: 1, Growth: 2}
	assert.Equal(t, 1.0, grown.At(1<<23-1))
	assert.InDelta(t, 0.5, grown.At(1<<23-1+1<<22), 1e-12)
}

func TestSequenceCountsEachLawFromItsOwnStart(t *testing.T) {
	law := Sequence{
		{Poly{Base: 1, Horizon: 10}, 10},
		{Constant(0.5), 2.5},
		{Poly{Base: 0.4, Horizon: 4}, 0},
	}
	require.NoError(t, Check(law))
	var got []float64
	for _, step := range []uint64{0, 5, 9, 10, 12, 13, 15, 17, 99} {
		got = append(got, law.At(step))
	}
	assert.InDeltaSlice(t, []float64{1, 0.5, 0.1, 0.5, 0.5, 0.4, 0.2, 0, 0}, got, 1e-15)
}

// A law stretched k times has at step k·i the value that it had at i.
func TestStretchedLawsHaveTheSameShape(t *testing.T) {
	for name, law := range goldens {
		if law, ok := law.(Warmup); ok && law.Rebase {
			continue // its first step behind the warm-up is the same whole step, checked below
		}
		if _, ok := law.(OneCycle); ok {
			continue // it counts to Length - 1
		}
		t.Run(name, func(t *testing.T) {
			if s, ok := law.(Snapshot); ok {
				s.Length = 1000 // whole periods: those of eq. 2 are rounded up
				law = s
			}
			for _, by := range []float64{2, 5} {
				long, err := Stretch(law, by)
				require.NoError(t, err)
				require.NoError(t, Check(long))
				for i := range uint64(150) {
					require.InDelta(t, law.At(i), long.At(i*uint64(by)), 1e-12, "%v at %d", long, i)
				}
			}
		})
	}
	long, err := Stretch(Sequence{{Warmup{From: 0.1, Steps: 4, Then: Cosine{Max: 1, Length: 6}, Rebase: true}, 10}, {Constant(0.2), 0}}, 3)
	require.NoError(t, err)
	assert.Equal(t, Sequence{{Warmup{From: 0.1, Steps: 12, Then: Cosine{Max: 1, Length: 18}, Rebase: true}, 30}, {Constant(0.2), 0}}, long)
}

func TestNoSettingPanics(t *testing.T) {
	odd := []float64{0, -1, 1, 0.5, 3, 1e300, 5e-324, math.NaN(), math.Inf(1), math.Inf(-1)}
	rng := rand.New(rand.NewPCG(1, 2))
	v := func() float64 { return odd[rng.IntN(len(odd))] }
	for range 2000 {
		inner := []Law{
			nil, Constant(v()),
			Step{v(), v(), v()},
			MultiStep{v(), v(), []float64{v(), v()}},
			Exponential{v(), v()},
			Poly{v(), v(), v(), v()},
			Cosine{v(), v(), v()},
			SGDR{v(), v(), v(), rng.Uint64() >> rng.IntN(64), v()},
			Snapshot{v(), v(), rng.IntN(4) - 1},
			Cyclic{v(), v(), v(), v(), Mode(rng.IntN(5) - 1), v()},
			FGE{v(), v(), v()},
			OneCycle{v(), v(), v(), v(), v(), rng.IntN(2) == 0, rng.IntN(2) == 0},
			SWA{v(), v(), v()},
		}
		for _, law := range inner {
			for _, law := range []Law{Warmup{v(), v(), law, rng.IntN(2) == 0}, Sequence{{law, v()}, {law, v()}}, Sequence{}} {
				require.NotPanics(t, func() {
					_ = Check(law)
					_ = law.String()
					_ = Fit(law, v())
					_, _ = Stretch(law, v())
					_ = law.At(rng.Uint64() >> rng.IntN(64))
				}, "%#v", law)
			}
		}
	}
}

// What Check lets through has finite values everywhere.
func TestCheckedLawsAreFinite(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	v := func() float64 { return rng.Float64()*4 - 0.5 }
	checked := 0
	for range 5000 {
		for _, law := range []Law{
			Step{v(), v(), v()},
			MultiStep{v(), v(), []float64{v(), 5}},
			Poly{v(), v(), v(), v()},
			Cosine{v(), v(), v()},
			SGDR{v(), v(), v(), rng.Uint64N(5), 1},
			Snapshot{v(), 10 * v(), rng.IntN(4)},
			Cyclic{v(), v(), v(), v(), Triangular2, 0},
			FGE{v(), v(), v()},
			OneCycle{v(), v(), v(), 50 * v(), v() / 4, false, rng.IntN(2) == 0},
			SWA{v(), v(), v()},
		} {
			law := Warmup{From: v(), Steps: 3 * v(), Then: law, Rebase: rng.IntN(2) == 0}
			if Check(law) != nil {
				continue
			}
			checked++
			for _, step := range []uint64{0, 1, 2, 5, 49, 50, 51, 1 << 40} {
				require.False(t, math.IsNaN(law.At(step)) || math.IsInf(law.At(step), 0), "%v at %d is %g", law, step, law.At(step))
			}
		}
	}
	assert.Greater(t, checked, 5000)
}
