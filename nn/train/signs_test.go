package train_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/signs"
	"github.com/cascade-hpc/cascade/nn/train"
)

// raw is a Loop's Step on values that nobody has normalised.
func (k *task) raw(at train.Position, metrics []float64) error {
	for i := range k.x {
		k.x[i] = float32(100 + 50*math.Sin(float64(at.Total)*1.7+float64(i)))
	}
	return k.trained(at, metrics)
}

// trained is the step without the data.
func (k *task) trained(at train.Position, metrics []float64) error {
	if err := k.program.Run(at.Total); err != nil {
		return err
	}
	k.state.Members[0].Optimizer.Step()
	metrics[0] = float64(k.loss[0])
	return nil
}

// TestALoopSaysSignsUnasked, once each, and not if it is told not to.
func TestALoopSaysSignsUnasked(t *testing.T) {
	const said = `early sign, step 3: the input "x" of "step" is not normalised`
	for _, test := range []struct {
		name  string
		watch *signs.Watch
		times int
	}{{"unasked", nil, 1}, {"with a watch", new(signs.Watch), 1}, {"silenced", signs.Off, 0}} {
		t.Run(test.name, func(t *testing.T) {
			k := newTask(t)
			var out, bar bytes.Buffer
			l := k.loop(&out)
			l.Bar, l.Step, l.Signs = &bar, k.raw, test.watch
			require.NoError(t, l.Run(t.Context()))
			assert.Equal(t, test.times, strings.Count(bar.String(), said), bar.String())
			assert.NotContains(t, out.String(), "early sign")
			assert.Same(t, test.watch, l.Signs)
			if test.watch != nil {
				assert.Len(t, test.watch.Signs(), test.times)
			}
		})
	}
}

func TestAHealthyLoopSaysNothing(t *testing.T) {
	k := newTask(t)
	var out bytes.Buffer
	l := k.loop(&out)
	l.Epochs = 20
	require.NoError(t, l.Run(t.Context()))
	assert.NotContains(t, out.String(), "early sign")
}

// TestALostTrainingTellsWhereItWasLost: the error says what the watch has found, which is
// not said twice.
func TestALostTrainingTellsWhereItWasLost(t *testing.T) {
	k := newTask(t)
	var out bytes.Buffer
	l := k.loop(&out)
	l.Step = func(at train.Position, metrics []float64) error {
		k.x[0] = 1
		if at.Total == 7 {
			k.x[5] = float32(math.NaN())
		}
		return k.trained(at, metrics)
	}
	err := l.Run(t.Context())
	require.ErrorContains(t, err, `epoch 2, step 3: the metric "loss" is NaN: the input "x" of "step" holds NaN: sample 1 of the batch, element 2 of 3`)
	assert.ErrorContains(t, err, "the last checkpoint is from before")
	assert.NotContains(t, out.String(), "holds NaN")
}
