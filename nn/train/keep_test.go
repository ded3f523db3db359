package train_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/train"
)

// TestDivergedParametersAreNotSaved loses a weight in the last step of an epoch, when
// no metric shows it yet: the checkpoint stays that of the epoch before.
func TestDivergedParametersAreNotSaved(t *testing.T) {
	k := newTask(t)
	l := k.loop(new(bytes.Buffer))
	l.Checkpoint = filepath.Join(t.TempDir(), "checkpoint.safetensors")
	l.Step = func(at train.Position, m []float64) error {
		err := k.step(at, m)
		if at.Total == 9 {
			k.state.Members[0].Net.Weights()[0] = float32(math.NaN())
		}
		return err
	}
	assert.ErrorContains(t, l.Run(t.Context()), `end of epoch 2: the training has diverged`)
	other := newTask(t)
	require.NoError(t, other.state.Load(l.Checkpoint))
	assert.Equal(t, train.Position{Epoch: 1, Total: 5}, other.state.Position)
	for _, w := range other.weights() {
		require.False(t, math.IsNaN(float64(w)))
	}
}

// TestGoesOnAfterAFailure fails in different places of the second epoch. Nothing is
// lost: going on gives the bits of a training in one go.
func TestGoesOnAfterAFailure(t *testing.T) {
	whole := newTask(t)
	loop := whole.loop(new(bytes.Buffer))
	require.NoError(t, loop.Run(t.Context()))

	broken := errors.New("no more paper")
	tests := []struct {
		name string
		fail func(l *train.Loop, cancel func() error)
		is   error
		at   train.Position
	}{
		{"step sees that the context has ended", func(l *train.Loop, cancel func() error) {
			step := l.Step
			l.Step = func(at train.Position, m []float64) error {
				if at.Total == 7 {
					return cancel()
				}
				return step(at, m)
			}
		}, train.ErrInterrupted, train.Position{Epoch: 1, Step: 2, Total: 7}},
		{"validation sees that the context has ended", func(l *train.Loop, cancel func() error) {
			l.Validate = func(at train.Position, _ []float64) error {
				if at.Epoch == 2 {
					return cancel()
				}
				return nil
			}
		}, train.ErrInterrupted, train.Position{Epoch: 1, Step: 5, Total: 10}},
		{"validation fails", func(l *train.Loop, _ func() error) {
			l.Validate = func(at train.Position, _ []float64) error {
				if at.Epoch == 2 {
					return broken
				}
				return nil
			}
		}, broken, train.Position{Epoch: 1, Step: 5, Total: 10}},
		{"best model cannot be saved", func(l *train.Loop, _ func() error) {
			l.Best = "loss"
			l.Improved = func(train.Position, float64) error { return broken }
		}, broken, train.Position{Epoch: 0, Step: 5, Total: 5}},
		{"log cannot be written", func(l *train.Loop, _ func() error) {
			l.Log = "/nonexistent/log.csv"
		}, os.ErrNotExist, train.Position{Epoch: 0, Step: 5, Total: 5}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			first := newTask(t)
			ctx, stop := context.WithCancel(t.Context())
			l := first.loop(new(bytes.Buffer))
			l.Checkpoint = filepath.Join(t.TempDir(), "checkpoint.safetensors")
			test.fail(&l, func() error { stop(); return ctx.Err() })
			require.ErrorIs(t, l.Run(ctx), test.is)

			second := newTask(t)
			require.NoError(t, second.state.Load(l.Checkpoint))
			assert.Equal(t, test.at, second.state.Position)
			l = second.loop(new(bytes.Buffer))
			require.NoError(t, l.Run(t.Context()))
			assert.Equal(t, whole.weights(), second.weights())
		})
	}
}

// TestGoesOnWithOtherSteps: a position in the middle of an epoch means nothing in
// another one.
func TestGoesOnWithOtherSteps(t *testing.T) {
	k := newTask(t)
	l := k.loop(new(bytes.Buffer))
	l.Checkpoint = filepath.Join(t.TempDir(), "checkpoint.safetensors")
	l.Validate = func(train.Position, []float64) error { return errors.New("stop") }
	require.ErrorContains(t, l.Run(t.Context()), "stop")

	other := newTask(t)
	require.NoError(t, other.state.Load(l.Checkpoint))
	l = other.loop(new(bytes.Buffer))
	l.Steps = 50
	assert.ErrorContains(t, l.Run(t.Context()), "in the middle of an epoch of 5 steps, which now has 50")
}

// TestBestIsKept: the checkpoint knows the best value so far, without a log, and an
// epoch whose value is no number is neither the best nor in the way of a better one.
func TestBestIsKept(t *testing.T) {
	dir := t.TempDir()
	values := []float64{3, math.NaN(), 4, math.Inf(-1), 2}
	var improved []int
	for last := 1; last <= len(values); last++ {
		k := newTask(t)
		l := k.loop(new(bytes.Buffer))
		l.Epochs, l.Checkpoint = last, filepath.Join(dir, "checkpoint.safetensors")
		l.Validations, l.Best = []string{"metric"}, "metric"
		l.Validate = func(at train.Position, v []float64) error { v[0] = values[at.Epoch-1]; return nil }
		l.Improved = func(at train.Position, _ float64) error { improved = append(improved, at.Epoch); return nil }
		if last > 1 {
			require.NoError(t, k.state.Load(l.Checkpoint))
		}
		require.NoError(t, l.Run(t.Context()))
	}
	assert.Equal(t, []int{1, 5}, improved)
}

// TestLogOfAnotherTraining is not mixed with this one's.
func TestLogOfAnotherTraining(t *testing.T) {
	const old = "epoch,step,accuracy,samples/s,seconds\n1,5,0.9,1,1\n"
	k := newTask(t)
	k.state.Position = train.Position{Epoch: 1, Total: 5}
	l := k.loop(new(bytes.Buffer))
	l.Log = filepath.Join(t.TempDir(), "log.csv")
	require.NoError(t, os.WriteFile(l.Log, []byte(old), 0o644))
	assert.ErrorContains(t, l.Run(t.Context()), `its columns are ["epoch" "step" "accuracy"`)
	text, err := os.ReadFile(l.Log)
	require.NoError(t, err)
	assert.Equal(t, old, string(text))
}
