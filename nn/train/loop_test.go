package train_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/train"
)

// task is a net with everything that a state has to carry on: dropout, running
// statistics and an optimizer with two slots.
type task struct {
	state   *train.State
	program *nn.Program
	x, y    []float32
	loss    []float32
}

func newTask(t testing.TB) *task {
	g := nn.New("net")
	net, err := g.Output("y", g.Vec("x", 3).Dense(8).BatchNorm().Tanh().Dropout(0.2).Dense(1)).Build()
	require.NoError(t, err)
	net.Init(4)
	s := nn.New("step")
	step, err := s.Loss("mse", nn.MSE(net.Apply(s, s.Vec("x", 3)).Vec("y"), s.Vec("y", 1))).Build()
	require.NoError(t, err)
	k := &task{}
	k.program, err = nn.Compile(step, nn.Train(net), nn.Batch(4))
	require.NoError(t, err)
	t.Cleanup(k.program.Close)
	k.x, err = k.program.Input("x")
	require.NoError(t, err)
	k.y, err = k.program.Input("y")
	require.NoError(t, err)
	k.loss, err = k.program.Output("loss")
	require.NoError(t, err)
	adam, err := optim.Adam{LR: 0.01}.New(net)
	require.NoError(t, err)
	k.state = &train.State{Members: []train.Member{{Net: net, Optimizer: adam}}}
	return k
}

// step is a Loop's Step: data that depend on the position alone.
func (k *task) step(at train.Position, metrics []float64) error {
	for i := range k.x {
		k.x[i] = float32(math.Sin(float64(at.Total)*1.7 + float64(i)))
	}
	for i := range k.y {
		k.y[i] = k.x[3*i] * k.x[3*i+1]
	}
	if err := k.program.Run(at.Total); err != nil {
		return err
	}
	k.state.Members[0].Optimizer.Step()
	metrics[0] = float64(k.loss[0])
	return nil
}

func (k *task) loop(out *bytes.Buffer) train.Loop {
	return train.Loop{
		Epochs: 3, Steps: 5, Batch: 4, Metrics: []string{"loss"}, Step: k.step, State: k.state, Out: out, Bar: out,
	}
}

// weights are all the numbers that training changes.
func (k *task) weights() []float32 {
	m := k.state.Members[0]
	all := append(append([]float32(nil), m.Net.Weights()...), m.Net.Statistics()...)
	for _, s := range m.Optimizer.State() {
		all = append(all, s.Data...)
	}
	return all
}

// TestResume interrupts a training after every number of steps and goes on with new
// objects: the result is that of a training in one go, to the bit, and so is the log.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	whole := newTask(t)
	loop := whole.loop(new(bytes.Buffer))
	loop.Log = filepath.Join(dir, "whole.csv")
	require.NoError(t, loop.Run(t.Context()))
	want := columns(t, loop.Log)

	for stop := range 15 {
		log, checkpoint := filepath.Join(dir, "log.csv"), filepath.Join(dir, "checkpoint.safetensors")
		first := newTask(t)
		ctx, cancel := context.WithCancel(t.Context())
		loop := first.loop(new(bytes.Buffer))
		loop.Log, loop.Checkpoint = log, checkpoint
		done := 0
		loop.Step = func(at train.Position, metrics []float64) error {
			if done++; done > stop {
				cancel()
			}
			return first.step(at, metrics)
		}
		err := loop.Run(ctx)
		if stop < 14 {
			require.ErrorIs(t, err, train.ErrInterrupted)
			assert.ErrorContains(t, err, checkpoint)
		}

		second := newTask(t)
		second.state.Members[0].Net.Init(99)
		require.NoError(t, second.state.Load(checkpoint))
		loop = second.loop(new(bytes.Buffer))
		loop.Log, loop.Checkpoint = log, checkpoint
		require.NoError(t, loop.Run(t.Context()))
		require.Equal(t, whole.weights(), second.weights(), "after %d steps", stop+1)
		assert.Equal(t, want, columns(t, log), "after %d steps", stop+1)
		require.NoError(t, os.Remove(log))
	}
}

// columns are epoch, step and loss of a log.
func columns(t *testing.T, path string) []string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var rows []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		fields := strings.Split(line, ",")
		rows = append(rows, strings.Join(fields[:len(fields)-2], ",")) // without rate and seconds
	}
	return rows
}

func TestLoopMistakes(t *testing.T) {
	tests := []struct {
		name   string
		change func(l *train.Loop)
		says   string
	}{
		{"no epochs", func(l *train.Loop) { l.Epochs = 0 }, "0 epochs of 5 steps"},
		{"no steps", func(l *train.Loop) { l.Steps = 0 }, "3 epochs of 0 steps"},
		{"nothing to do", func(l *train.Loop) { l.Step = nil }, "a loop needs a Step and a State"},
		{"best by nothing", func(l *train.Loop) { l.Best = "accuracy" }, `there is no metric "accuracy"`},
		{"position beyond the epoch", func(l *train.Loop) { l.State.Position.Step = 6 }, "from step 6 of an epoch of 5 steps"},
		{"step fails", func(l *train.Loop) {
			l.Step = func(at train.Position, _ []float64) error {
				if at.Total == 6 {
					return errors.New("disk on fire")
				}
				return nil
			}
		}, "epoch 2, step 2: disk on fire"},
		{"loss is NaN", func(l *train.Loop) {
			l.Step = func(_ train.Position, m []float64) error { m[0] = math.NaN(); return nil }
		}, `epoch 1, step 1: the metric "loss" is NaN: the training has diverged`},
		{"weight is NaN", func(l *train.Loop) {
			l.State.Members[0].Net.Params()[0].Data[1] = float32(math.Inf(1))
			l.Step = func(_ train.Position, m []float64) error { m[0] = math.NaN(); return nil }
		}, `parameter "dense_1/weights" of net "net" holds +Inf`},
		{"names without validation", func(l *train.Loop) { l.Validations = []string{"a"} }, `there is no Validate to report ["a"]`},
		{"a name twice", func(l *train.Loop) { l.Metrics = []string{"loss", "loss"} }, `two metrics are called "loss"`},
		{"member without a net", func(l *train.Loop) { l.State.Members[0].Net = nil }, "member 1 of 1 has no net"},
		{"validation fails", func(l *train.Loop) {
			l.Validate = func(train.Position, []float64) error { return errors.New("no showers") }
		}, "no showers"},
		{"checkpoint cannot be written", func(l *train.Loop) { l.Checkpoint = "/nonexistent/checkpoint" }, "/nonexistent"},
		{"log cannot be written", func(l *train.Loop) { l.Log = "/nonexistent/log.csv" }, "/nonexistent"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newTask(t)
			l := k.loop(new(bytes.Buffer))
			test.change(&l)
			assert.ErrorContains(t, l.Run(t.Context()), test.says)
		})
	}
}

// TestBest: Improved is called when the mean of the epoch is the lowest so far, also
// across an interruption.
func TestBest(t *testing.T) {
	k := newTask(t)
	values := []float64{3, 5, 2}
	var improved []float64
	l := k.loop(new(bytes.Buffer))
	l.Validations, l.Best = []string{"metric"}, "metric"
	l.Validate = func(at train.Position, v []float64) error { v[0] = values[at.Epoch-1]; return nil }
	l.Improved = func(_ train.Position, v float64) error { improved = append(improved, v); return nil }
	l.Log = filepath.Join(t.TempDir(), "log.csv")
	require.NoError(t, l.Run(t.Context()))
	assert.Equal(t, []float64{3, 2}, improved)

	values = append(values, 4, 1)
	l.Epochs, improved = 5, nil
	require.NoError(t, l.Run(t.Context()))
	assert.Equal(t, []float64{1}, improved)
}

// TestReport is what a training prints where there is no terminal.
func TestReport(t *testing.T) {
	k := newTask(t)
	var out bytes.Buffer
	l := k.loop(&out)
	l.Unit, l.Validations = "images", []string{"error %"}
	l.Step = func(_ train.Position, m []float64) error { m[0] = 0.25; return nil }
	l.Validate = func(at train.Position, v []float64) error { v[0] = 12.5; return nil }
	require.NoError(t, l.Run(t.Context()))
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	require.Len(t, lines, 4)
	assert.Equal(t, "  epoch       loss    error %   images/s     time", lines[0])
	assert.Contains(t, lines[1], "    1/3       0.25       12.5  ")
}

// TestPeriodicCheckpoints: there is one after every step when the time is short.
func TestPeriodicCheckpoints(t *testing.T) {
	k := newTask(t)
	l := k.loop(new(bytes.Buffer))
	l.Checkpoint, l.Every = filepath.Join(t.TempDir(), "checkpoint.safetensors"), time.Nanosecond
	seen := 0
	l.Step = func(at train.Position, m []float64) error {
		if at.Total > 0 {
			other := newTask(t)
			require.NoError(t, other.state.Load(l.Checkpoint))
			assert.Equal(t, at.Total, other.state.Position.Total)
			seen++
		}
		return k.step(at, m)
	}
	require.NoError(t, l.Run(t.Context()))
	assert.Equal(t, 14, seen)
}

// TestStepDoesNotAllocate measures the difference that more steps make.
func TestStepDoesNotAllocate(t *testing.T) {
	k := newTask(t)
	l := k.loop(new(bytes.Buffer))
	l.Epochs = 1
	runs := func(steps int) float64 {
		l.Steps = steps
		return testing.AllocsPerRun(5, func() {
			k.state.Position = train.Position{}
			_ = l.Run(t.Context())
		})
	}
	const steps = 200
	assert.Less(t, runs(10+steps)-runs(10), steps/10.0, "the report of the epoch may differ by a few")
}
