package gan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/ops"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
)

// batch is n parameterised showers.
func batch(t testing.TB, n int) (cells, energies []float32) {
	err := shower.Generate(shower.Config{}, n, 3, 1, func(_ int, ecal, target []float32) error {
		cells = append(cells, ecal...)
		for i := range len(target) / 2 {
			energies = append(energies, target[2*i+1])
		}
		return nil
	})
	require.NoError(t, err)
	return cells, energies
}

// images are what a trainer sees of cells.
func images(tr *gan.Trainer, cells []float32) []float32 {
	x := ops.Alloc(len(cells))
	tr.Image.Encode(x, cells)
	return x
}

func trainer(t testing.TB, name string, c gan.Config) *gan.Trainer {
	p, err := gan.ByName(name)
	require.NoError(t, err)
	c.Profiles = new(gan.Profiles)
	c.Profiles.Add(batch(t, 8))
	require.NoError(t, c.Profiles.Fit())
	tr, err := gan.NewTrainer(p, c)
	require.NoError(t, err)
	t.Cleanup(tr.Close)
	return tr
}

func TestByName(t *testing.T) {
	for _, p := range gan.Presets() {
		found, err := gan.ByName(p.Name)
		require.NoError(t, err)
		assert.Equal(t, p.About, found.About)
	}
	_, err := gan.ByName("large")
	assert.EqualError(t, err, `gan: there is no preset "large": small and cern are there`)
}

// TestStepTrains: both nets change, the metrics are losses, and the error of the sum
// of all cells falls in a few steps.
func TestStepTrains(t *testing.T) {
	cells, energies := batch(t, 4)
	tr := trainer(t, "small", gan.Config{Batch: 4, Steps: 100, Seed: 1})
	x := images(tr, cells)
	g, d := tr.Generator.Weights()[0], tr.Discriminator.Weights()[0]
	metrics := make([]float64, len(gan.Metrics))
	var first []float64
	for step := range uint64(20) {
		require.NoError(t, tr.Step(step, x, energies, metrics))
		if step == 0 {
			first = append(first, metrics...)
		}
	}
	assert.NotEqual(t, g, tr.Generator.Weights()[0])
	assert.NotEqual(t, d, tr.Discriminator.Weights()[0])
	for i, m := range metrics {
		assert.Positive(t, m, gan.Metrics[i])
	}
	assert.Less(t, metrics[5], first[5], "the error of the sum")
}

// TestStepIsReproducible: the same seed gives the same bits, another seed others.
func TestStepIsReproducible(t *testing.T) {
	cells, energies := batch(t, 2)
	run := func(seed uint64) []float32 {
		tr := trainer(t, "small", gan.Config{Batch: 2, Steps: 10, Seed: seed})
		x := images(tr, cells)
		metrics := make([]float64, len(gan.Metrics))
		for step := range uint64(2) {
			require.NoError(t, tr.Step(step, x, energies, metrics))
		}
		return append([]float32(nil), tr.Generator.Weights()...)
	}
	a := run(1)
	assert.Equal(t, a, run(1))
	assert.NotEqual(t, a, run(2))
}

func TestStepDoesNotAllocate(t *testing.T) {
	cells, energies := batch(t, 2)
	tr := trainer(t, "small", gan.Config{Batch: 2, Steps: 10, Seed: 1})
	x := images(tr, cells)
	metrics := make([]float64, len(gan.Metrics))
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = tr.Step(1, x, energies, metrics) }))
}

// TestEmptyShowersStopTheTraining: a generator whose last layer is silent cannot
// recover.
func TestEmptyShowersStopTheTraining(t *testing.T) {
	cells, energies := batch(t, 2)
	tr := trainer(t, "small", gan.Config{Batch: 2, Steps: 10, Seed: 1})
	x := images(tr, cells)
	for _, p := range tr.Generator.Params() {
		if p.Path == "gain/weights" || p.Path == "mean/weights" || p.Path == "sigma/weights" {
			clear(p.Data)
		}
	}
	tr.SetLR(1e-12)
	metrics := make([]float64, len(gan.Metrics))
	require.NoError(t, tr.Step(9, x, energies, metrics), "within the grace of ten steps")
	assert.ErrorIs(t, tr.Step(10, x, energies, metrics), gan.ErrEmpty)
}

// TestRatesFall: the rate of the small preset's generator falls in a straight line to a
// twentieth.
func TestRatesFall(t *testing.T) {
	cells, energies := batch(t, 1)
	tr := trainer(t, "small", gan.Config{Batch: 1, Steps: 100, Seed: 1})
	x := images(tr, cells)
	metrics := make([]float64, len(gan.Metrics))
	rate := func(step uint64) float64 {
		require.NoError(t, tr.Step(step, x, energies, metrics))
		return tr.GeneratorRule.LR()
	}
	full := rate(0)
	assert.InDelta(t, 0.525*full, rate(50), 1e-3*full)
	assert.InDelta(t, 0.05*full, rate(100), 1e-3*full)
}

// TestMaker: showers have the asked number of cells, none below the threshold, other
// ones for other numbers and the same for the same.
func TestMaker(t *testing.T) {
	p, err := gan.ByName("small")
	require.NoError(t, err)
	net, err := p.Generator()
	require.NoError(t, err)
	m, err := gan.NewMaker(p, net, 4, 7)
	require.NoError(t, err)
	defer m.Close()
	run := func(number uint64) []float32 {
		cells := make([]float32, 3*shower.Cells)
		require.NoError(t, m.Make(number, cells, []float32{10, 100, 500}))
		return cells
	}
	a := run(0)
	assert.Equal(t, a, run(0))
	assert.NotEqual(t, a, run(1))
	for _, v := range a {
		assert.True(t, v == 0 || v >= 1e-6)
	}
}

// TestCERN compiles the published network and trains it for a step.
func TestCERN(t *testing.T) {
	cells, energies := batch(t, 2)
	tr := trainer(t, "cern", gan.Config{Batch: 2, Steps: 10, Seed: 1})
	x := images(tr, cells)
	require.NoError(t, tr.Step(0, x, energies, make([]float64, len(gan.Metrics))))
}

// TestCost is the cost of a shower in a step, of which the documentation speaks.
func TestCost(t *testing.T) {
	small := trainer(t, "small", gan.Config{Batch: 2, Steps: 1})
	cern := trainer(t, "cern", gan.Config{Batch: 2, Steps: 1})
	assert.InDelta(t, 0.45, float64(small.FLOPs())/1e9, 0.1)
	assert.InDelta(t, 14.4, float64(cern.FLOPs())/1e9, 1) // 18 if up-sampling were not folded
}

// BenchmarkStep is a step of a training, with its rate.
func BenchmarkStep(b *testing.B) {
	for _, p := range gan.Presets() {
		b.Run(p.Name, func(b *testing.B) {
			const n = 32
			cells, energies := batch(b, n)
			tr := trainer(b, p.Name, gan.Config{Batch: n, Steps: 1000})
			x := images(tr, cells)
			metrics := make([]float64, len(gan.Metrics))
			step := uint64(0)
			for b.Loop() {
				if err := tr.Step(step, x, energies, metrics); err != nil {
					b.Fatal(err)
				}
				step++
			}
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(tr.FLOPs())*n/seconds/1e9, "GFLOP/s")
			b.ReportMetric(n/seconds, "showers/s")
		})
	}
}
