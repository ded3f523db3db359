package optim

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/cascade-hpc/cascade/internal/golden"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/ops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// normalised are weights with statistics.
type normalised struct{ weights, statistics []float32 }

func (n *normalised) Weights() []float32    { return n.weights }
func (n *normalised) Statistics() []float32 { return n.statistics }

func (n *normalised) draw(step int64) {
	fill(n.weights, uint64(step))
	fill(n.statistics, uint64(step)+1000)
}

func newNormalised() *normalised {
	n := &normalised{ops.Alloc(2*blockSize + 5), ops.Alloc(33)}
	n.draw(0)
	return n
}

// averager is what makes averages.
type averager interface {
	New(Averaged) (*Average, error)
}

func averageOf(t testing.TB, rule averager, of Averaged) *Average {
	t.Helper()
	a, err := rule.New(of)
	require.NoError(t, err)
	return a
}

// averagers have, for update n from 1, the share of the past.
var averagers = map[string]struct {
	rule averager
	keep func(n float64) float64
}{
	"swa":       {SWA{}, func(n float64) float64 { return 1 - 1/n }},
	"ema":       {EMA{Decay: 0.7}, func(float64) float64 { return 0.7 }},
	"copy":      {EMA{Decay: Off}, func(float64) float64 { return 0 }},
	"standard":  {EMA{}, func(float64) float64 { return 0.9999 }},
	"half-life": {EMA{HalfLife: 3}, func(float64) float64 { return math.Exp(-math.Ln2 / 3) }},
	"warm-up": {EMA{Decay: 0.6, Warmup: true}, func(n float64) float64 {
		return min(0.6, 1-1/math.Cbrt(n*n))
	}},
	"slow warm-up": {EMA{Warmup: true, WarmupGamma: 10, WarmupPower: 0.5}, func(n float64) float64 {
		return 1 - 1/math.Sqrt(1+(n-1)/10)
	}},
}

// TestAveragesAgainstFormulas averages weights and statistics beside the formulas in
// float64.
func TestAveragesAgainstFormulas(t *testing.T) {
	for name, tt := range averagers {
		t.Run(name, func(t *testing.T) {
			n := newNormalised()
			a := averageOf(t, tt.rule, n)
			var want [2][]float64
			for update := range 7 {
				n.draw(int64(update))
				a.Update()
				keep := tt.keep(float64(update + 1))
				if update == 0 {
					keep = 0
				}
				for k, now := range [2][]float32{n.weights, n.statistics} {
					want[k] = append(want[k], make([]float64, len(now)-len(want[k]))...)
					for i, v := range now {
						want[k][i] = keep*want[k][i] + (1-keep)*float64(v)
					}
				}
			}
			assert.Equal(t, int64(7), a.Updates())
			for k, slot := range a.State() {
				result := make([]float32, len(want[k]))
				for i, v := range want[k] {
					result[i] = float32(v)
				}
				golden.Close(t, result, slot.Data, 3e-7)
			}
		})
	}
}

func TestAverageIsTheSameBitsForAnyNumberOfWorkers(t *testing.T) {
	for name, tt := range averagers {
		t.Run(name, func(t *testing.T) {
			var want []Slot
			for _, workers := range []int{1, 2, 3, 7} {
				pool := ops.NewPool(workers)
				n := newNormalised()
				a := averageOf(t, tt.rule, n)
				a.pool = pool
				for step := range int64(3) {
					n.draw(step)
					a.Update()
				}
				pool.Close()
				if want == nil {
					want = a.State()
				}
				assert.Equal(t, want, a.State(), "%d workers", workers)
			}
		})
	}
}

// TestWith: the net has the average, then its own again, whatever do did.
func TestWith(t *testing.T) {
	n := newNormalised()
	a := averageOf(t, SWA{}, n)
	for step := range int64(3) {
		n.draw(step)
		a.Update()
	}
	own := normalised{slices.Clone(n.weights), slices.Clone(n.statistics)}
	mean := slices.Clone(a.State()[0].Data)
	broken := errors.New("broken")
	assert.ErrorIs(t, a.With(func() error {
		assert.Equal(t, mean[:50], n.weights[:50])
		assert.True(t, slices.Equal(mean, n.weights))
		assert.ErrorIs(t, a.With(func() error { panic("not called") }), ErrInUse)
		assert.ErrorIs(t, a.Restore(nil, 0), ErrInUse)
		assert.True(t, a.InUse())
		n.statistics[7] = 123 // estimated anew
		return broken
	}), broken)
	assert.True(t, slices.Equal(own.weights, n.weights))
	assert.Equal(t, own.statistics, n.statistics)
	assert.Equal(t, float32(123), a.State()[1].Data[7], "stays with the average")
	assert.False(t, a.InUse())

	assert.Panics(t, func() { _ = a.With(func() error { panic("in do") }) })
	assert.True(t, slices.Equal(own.weights, n.weights), "the net has its own after a panic, too")
	assert.True(t, slices.Equal(mean, a.State()[0].Data))
}

// TestUpdateWithin: what is averaged is the net's own, even while it has the average.
func TestUpdateWithin(t *testing.T) {
	var states [][]Slot
	for _, within := range []bool{false, true} {
		n := newNormalised()
		a := averageOf(t, EMA{Decay: 0.7}, n)
		a.Update()
		n.draw(1)
		if within {
			require.NoError(t, a.With(func() error {
				a.Update()
				return nil
			}))
		} else {
			a.Update()
		}
		states = append(states, a.State())
	}
	assert.Equal(t, states[0], states[1])
}

func TestUpdateDoesNotAllocate(t *testing.T) {
	a := averageOf(t, EMA{Warmup: true}, newNormalised())
	assert.Zero(t, testing.AllocsPerRun(10, a.Update))
}

func TestAverageRestore(t *testing.T) {
	for name, tt := range averagers {
		t.Run(name, func(t *testing.T) {
			n := newNormalised()
			unbroken := averageOf(t, tt.rule, n)
			for step := range int64(6) {
				n.draw(step)
				unbroken.Update()
			}
			for cut := range int64(6) {
				n.draw(0)
				a := averageOf(t, tt.rule, n)
				for step := range cut {
					n.draw(step)
					a.Update()
				}
				n.draw(77)
				b := averageOf(t, tt.rule, n)
				require.NoError(t, b.Restore(a.State(), a.Updates()))
				for step := cut; step < 6; step++ {
					n.draw(step)
					b.Update()
				}
				assert.Equal(t, unbroken.State(), b.State(), "cut after %d", cut)
			}
		})
	}
}

func TestAverageRefuses(t *testing.T) {
	tests := map[string]struct {
		rule    averager
		message string
	}{
		"decay of 1":             {EMA{Decay: 1}, "optim: EMA.Decay is 1: a number from 0 to less than 1"},
		"decay and half-life":    {EMA{Decay: 0.5, HalfLife: 3}, "EMA.Decay is 0.5: with HalfLife, 0"},
		"half-life of nothing":   {EMA{HalfLife: Off}, "EMA.HalfLife is -1: more than 0"},
		"half-life of NaN":       {EMA{HalfLife: math.NaN()}, "EMA.HalfLife is NaN"},
		"warm-up back in time":   {EMA{WarmupGamma: -3}, "EMA.WarmupGamma is -3"},
		"warm-up that does none": {EMA{WarmupPower: Off}, "EMA.WarmupPower is -1: more than 0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := tt.rule.New(newNormalised())
			assert.ErrorContains(t, err, tt.message)
		})
	}
	_, err := SWA{}.New(&normalised{})
	assert.ErrorContains(t, err, "no weights")
	a := averageOf(t, SWA{}, newNormalised())
	assert.ErrorContains(t, a.Restore(a.State(), -1), "after -1 updates")
	assert.ErrorContains(t, a.Restore(a.State()[:1], 1), `1 slots ["average_weights"]`)
}

// TestStatisticsEstimatedAnew does what the documentation of Average says: a net whose
// average has statistics that are wrong gets those of its weights.
func TestStatisticsEstimatedAnew(t *testing.T) {
	n := classifier(t, true)
	p, err := nn.Compile(n, nn.Train(n), nn.Batch(6))
	require.NoError(t, err)
	defer p.Close()
	a := averageOf(t, SWA{}, n)
	estimates := func(start float32) (all []float32) {
		for _, q := range n.Params() {
			for i := range q.Data {
				if q.Grad == nil {
					q.Data[i] = start
				}
			}
		}
		for range 400 { // 0.9^400 is 5e-19
			feed(t, p, 0)
		}
		for _, q := range n.Params() {
			if q.Grad == nil {
				all = append(all, q.Data...)
			}
		}
		return all
	}
	require.NoError(t, a.With(func() error {
		want := estimates(0)
		assert.NotZero(t, want[0])
		golden.Close(t, want, estimates(1e6), 1e-5)
		return nil
	}))
	assert.Zero(t, n.Statistics()[0], "the net's own are as Init left them")
	assert.NotZero(t, a.State()[1].Data[0], "the average has them")
}

// BenchmarkAverage averages four million parameters.
func BenchmarkAverage(b *testing.B) {
	const n = 4 << 20
	a := averageOf(b, EMA{}, &normalised{weights: random(n).weights})
	for b.Loop() {
		a.Update()
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(seconds*1e9/n, "ns/param")
	b.ReportMetric(12*n/seconds/1e9, "GB/s")
}
