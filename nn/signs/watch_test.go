package signs_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/signs"
)

func TestASignIsSaidOnceForAWatch(t *testing.T) {
	k, w := perceptron(t, 4, adam(1e-3)), &signs.Watch{}
	bytes := filled(func(k *training, _ int) float64 { return float64(k.draw.Intn(256)) })
	require.Len(t, k.watched(t, w, 10, bytes), 1)
	assert.Equal(t, uint64(3), w.Signs()[0].Step)

	w.Begin([]signs.Member{{Net: k.net, Optimizer: k.rule}}, 10)
	defer w.End()
	for i := range uint64(10) {
		w.Before()
		k.step(t, i, bytes)
		assert.Empty(t, w.After())
	}
	assert.Len(t, w.Signs(), 1)
}

func TestOffSeesNothing(t *testing.T) {
	k := perceptron(t, 4, adam(1e-3))
	assert.Empty(t, k.watched(t, signs.Off, 10, func(k *training) { k.x[0] = float32(math.NaN()) }))
}

// TestStepsCountFromWhereATrainingGoesOn: and a loss of which the beginning is not known is
// not judged.
func TestStepsCountFromWhereATrainingGoesOn(t *testing.T) {
	k := newTraining(t, 64, []int{20}, func(x nn.Tensor) nn.Vec { return x.Vec().Dense(1) }, nn.MSE, 1, optim.SGD{LR: 0.4}.New)
	var w signs.Watch
	w.Begin([]signs.Member{{Net: k.net, Optimizer: k.rule}}, 1000)
	defer w.End()
	for i := range uint64(200) {
		w.Before()
		k.step(t, i, classes(5))
		for _, s := range w.After() {
			assert.NotContains(t, s.Text, "has grown")
			assert.Greater(t, s.Step, uint64(1000))
		}
	}
	assert.NotEmpty(t, w.Signs(), "that the weights run away is seen")
}

// TestBitsAndAllocationsOfATrainingStay, with a look at every step.
func TestBitsAndAllocationsOfATrainingStay(t *testing.T) {
	watched, alone := perceptron(t, 8, adam(1e-3)), perceptron(t, 8, adam(1e-3))
	fill := classes(5)
	for i := range uint64(30) {
		alone.step(t, i, fill)
	}
	w := &signs.Watch{Every: 1}
	require.Empty(t, watched.watched(t, w, 30, fill))
	assert.Equal(t, alone.net.Weights(), watched.net.Weights())

	w.Begin([]signs.Member{{Net: watched.net, Optimizer: watched.rule}}, 30)
	defer w.End()
	step := func() {
		w.Before()
		fill(watched)
		_ = watched.program.Run(0)
		watched.rule.Step()
		w.After()
	}
	step()
	assert.Zero(t, testing.AllocsPerRun(20, step))
}

// TestNothingIsWatchedAfterTheEnd.
func TestNothingIsWatchedAfterTheEnd(t *testing.T) {
	k, w := perceptron(t, 4, adam(1e-3)), &signs.Watch{}
	k.watched(t, w, 2, classes(5))
	k.x[0] = float32(math.NaN())
	require.NoError(t, k.program.Run(0))
	assert.Empty(t, w.Signs())
}

func TestASignTellsItsStep(t *testing.T) {
	assert.Equal(t, "step 7: too large", signs.Sign{Step: 7, Kind: signs.LearningRate, Text: "too large"}.String())
}

// BenchmarkWatch is a step of a small net with and without a watch.
func BenchmarkWatch(b *testing.B) {
	for _, run := range []struct {
		name string
		w    *signs.Watch
	}{{"off", signs.Off}, {"on", &signs.Watch{}}} {
		b.Run(run.name, func(b *testing.B) {
			k := perceptron(b, 32, adam(1e-3))
			classes(5)(k)
			run.w.Begin([]signs.Member{{Net: k.net, Optimizer: k.rule}}, 0)
			defer run.w.End()
			for b.Loop() {
				run.w.Before()
				_ = k.program.Run(0)
				k.rule.Step()
				run.w.After()
			}
		})
	}
}
