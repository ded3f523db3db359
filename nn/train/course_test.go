package train_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/optim"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/schedule"
	"github.com/cascade-hpc/cascade/nn/train"
)

// cycles has everything that a plan can ask of a loop, in 25 steps of 4 an epoch: two
// collapses, a phase that goes back to the beginning, one that goes back to a collapse,
// and an average.
func cycles(t testing.TB) *plan.Timeline {
	p := plan.Plan{Name: "cycles", Phases: []plan.Phase{
		{Name: "1", Length: plan.Steps(6), LR: schedule.Poly{Base: 0.02, Power: 2}, Snapshot: true, WeightDecay: 0.01, Collapse: &plan.Collapse{Length: plan.Steps(3)}},
		{Name: "2", Length: plan.Steps(5), LR: schedule.Constant(0.03), Momentum: schedule.Constant(0.8), Snapshot: true, Collapse: &plan.Collapse{Length: plan.Steps(2)}},
		{Name: "again", Length: plan.Steps(2), LR: schedule.Constant(0.01), Start: plan.Initial},
		{Name: "mean/end", Length: plan.Steps(4), LR: schedule.Constant(0.02), Start: "1c", Average: plan.Steps(2)},
		{Name: "last", Length: plan.Steps(3), LR: schedule.Constant(0.01), ResetOptimizer: true, Snapshot: true},
	}}
	timeline, err := p.Resolve(4, plan.Length{})
	require.NoError(t, err)
	return timeline
}

// trip is a training by a plan that remembers where it came by.
type trip struct {
	*task
	loop      train.Loop
	entered   []string
	snapshots map[string][]float32 // all that a training changes, and of "mean/end" the average alone
}

func newTrip(t testing.TB, dir string) *trip {
	k := &trip{task: newTask(t), snapshots: map[string][]float32{}}
	m := &k.state.Members[0]
	var err error
	m.Average, err = optim.SWA{}.New(m.Net)
	require.NoError(t, err)
	k.loop = train.Loop{
		Plan: cycles(t), Batch: 4, Metrics: []string{"loss"}, Step: k.step, State: k.state,
		Checkpoint: filepath.Join(dir, "checkpoint.safetensors"), Log: filepath.Join(dir, "log.csv"),
		Out: new(bytes.Buffer), Bar: new(bytes.Buffer),
		Segment:  func(s plan.Segment) error { k.entered = append(k.entered, s.Name); return nil },
		Snapshot: k.snapshot,
	}
	return k
}

func (k *trip) snapshot(s plan.Segment) error {
	if s.Average == 0 {
		k.snapshots[s.Name] = k.weights()
		return nil
	}
	m := k.state.Members[0]
	return m.Average.With(func() error {
		k.snapshots[s.Name] = append([]float32(nil), m.Net.Weights()...)
		return nil
	})
}

// TestAPlanIsFollowed: rates are those of the timeline in every step, and every segment
// begins with what its From ended with.
func TestAPlanIsFollowed(t *testing.T) {
	k := newTrip(t, t.TempDir())
	m := k.state.Members[0]
	before, after := map[uint64][]float32{}, map[uint64][]float32{}
	weights := func() []float32 { return append([]float32(nil), m.Net.Weights()...) }
	k.loop.Step = func(at train.Position, metrics []float64) error {
		p, err := k.loop.Plan.At(at.Total)
		require.NoError(t, err)
		assert.Equal(t, []float64{p.LR, p.WeightDecay, p.Momentum}, []float64{m.Optimizer.LR(), m.Optimizer.WeightDecay(), m.Optimizer.Momentum()})
		assert.Equal(t, uint64(4*at.Epoch+at.Step), at.Total)
		if p.Step == 0 && p.Segment.ResetOptimizer {
			assert.Zero(t, m.Optimizer.Steps(), "step %d", at.Total)
		}
		before[at.Total] = weights()
		err = k.step(at, metrics)
		after[at.Total] = weights()
		return err
	}
	require.NoError(t, k.loop.Run(t.Context()))
	assert.Equal(t, []string{"1", "1c", "2", "2c", "again", "mean/end", "last"}, k.entered)
	for first, from := range map[uint64]uint64{6: 5, 9: 5, 14: 13, 18: 8, 22: 21} {
		assert.Equal(t, after[from], before[first], "step %d goes on from step %d", first, from)
	}
	assert.Equal(t, before[0], before[16], `"again" starts from the initial weights`)
	for i, mean := range k.snapshots["mean/end"] {
		want := (float64(before[18][i]) + float64(after[19][i]) + float64(after[21][i])) / 3
		assert.InDelta(t, want, float64(mean), 1e-6, "two roundings of numbers about 1")
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(k.loop.Checkpoint), "*-end-*"))
	require.NoError(t, err)
	assert.Empty(t, left, "ends that nothing goes back to are removed")

	table := columns(t, k.loop.Log)
	assert.Equal(t, []string{"epoch", "1", "1.5", "2", "2.25", "3", "3.5", "4", "4.5", "5", "5.5", "6", "6.25"}, column(table, 0))
	assert.Equal(t, []string{"phase", "1", "1", "1c", "1c", "2", "2", "2c", "again", "mean/end", "mean/end", "last", "last"}, column(table, 2))
	assert.Contains(t, k.loop.Out.(*bytes.Buffer).String(), "    1.5/6.25         1   0.000556")
}

func column(rows []string, i int) []string {
	var c []string
	for _, row := range rows {
		c = append(c, strings.Split(row, ",")[i])
	}
	return c
}

// TestAPlanResumes stops a training at every step in three ways: by its context, by a
// death that saves nothing, with checkpoints at every step or only at the ends. What goes
// on comes to the bits of a training in one go, in all snapshots and in the log.
func TestAPlanResumes(t *testing.T) {
	whole := newTrip(t, t.TempDir())
	require.NoError(t, whole.loop.Run(t.Context()))
	want := columns(t, whole.loop.Log)
	dead := errors.New("dead")

	for _, way := range []string{"cancelled", "killed", "killed with checkpoints"} {
		for stop := uint64(0); stop < 22; stop++ {
			if way == "killed with checkpoints" {
				stop += 2 // each step of these is slow, and all ends of segments are passed still
			}
			dir := t.TempDir()
			first := newTrip(t, dir)
			if way == "killed with checkpoints" {
				first.loop.Every = time.Nanosecond
			}
			ctx, cancel := context.WithCancel(t.Context())
			first.loop.Step = func(at train.Position, metrics []float64) error {
				if at.Total == stop && way != "cancelled" {
					return dead
				}
				if at.Total == stop {
					cancel()
				}
				return first.step(at, metrics)
			}
			err := first.loop.Run(ctx)
			cancel()
			require.Error(t, err)

			second := newTrip(t, dir)
			second.snapshots = first.snapshots
			if _, err := os.Stat(second.loop.Checkpoint); err == nil {
				second.state.Members[0].Net.Init(99)
				require.NoError(t, second.state.Load(second.loop.Checkpoint))
			}
			require.NoError(t, second.loop.Run(t.Context()), "%s at %d", way, stop)
			require.True(t, slices.Equal(whole.weights(), second.weights()), "%s at %d", way, stop)
			require.True(t, reflect.DeepEqual(whole.snapshots, second.snapshots), "%s at %d", way, stop)
			require.Equal(t, want, columns(t, second.loop.Log), "%s at %d", way, stop)
		}
	}
}

// TestAPlanResumesFromTheEndOfASegment dies in the hook for snapshots, with what was to
// be saved half done, and fails in it, which leaves a checkpoint.
func TestAPlanResumesFromTheEndOfASegment(t *testing.T) {
	whole := newTrip(t, t.TempDir())
	require.NoError(t, whole.loop.Run(t.Context()))
	for _, dies := range []bool{true, false} {
		for _, at := range []string{"1", "1c", "2", "2c", "mean/end", "last"} {
			dir := t.TempDir()
			first := newTrip(t, dir)
			first.loop.Snapshot = func(s plan.Segment) error {
				switch {
				case s.Name != at:
					return first.snapshot(s)
				case dies:
					panic("killed")
				}
				return errors.New("the disk is full")
			}
			run := func() error { return first.loop.Run(t.Context()) }
			if dies {
				assert.Panics(t, func() { _ = run() })
			} else {
				assert.ErrorContains(t, run(), `end of phase "`+at+`": the disk is full`)
			}
			second := newTrip(t, dir)
			second.snapshots = first.snapshots
			if _, err := os.Stat(second.loop.Checkpoint); err == nil {
				require.NoError(t, second.state.Load(second.loop.Checkpoint))
			}
			require.NoError(t, second.loop.Run(t.Context()), at)
			require.True(t, reflect.DeepEqual(whole.snapshots, second.snapshots), at)
			require.Equal(t, columns(t, whole.loop.Log), columns(t, second.loop.Log), at)
		}
	}
}

func TestAPlanIsRefused(t *testing.T) {
	interrupted := func(t *testing.T, k *trip, stop uint64) {
		ctx, cancel := context.WithCancel(t.Context())
		loop := k.loop
		loop.Step = func(at train.Position, metrics []float64) error {
			if at.Total == stop {
				cancel()
			}
			return k.step(at, metrics)
		}
		require.ErrorIs(t, loop.Run(ctx), train.ErrInterrupted)
	}
	other := func(t *testing.T, length uint64) *plan.Timeline {
		p := plan.Plan{Name: "other", Phases: []plan.Phase{{Name: "1", Length: plan.Steps(length), LR: schedule.Constant(1)}}}
		timeline, err := p.Resolve(4, plan.Length{})
		require.NoError(t, err)
		return timeline
	}
	for _, test := range []struct {
		name   string
		change func(t *testing.T, k *trip)
		says   string
	}{
		{"two lengths", func(_ *testing.T, k *trip) { k.loop.Steps = 3 }, `0 epochs of 3 steps beside plan "cycles", which says both itself`},
		{"no steps", func(_ *testing.T, k *trip) { k.loop.Plan = new(plan.Timeline) }, "0 epochs of 0 steps"},
		{"no checkpoint", func(_ *testing.T, k *trip) { k.loop.Checkpoint = "" }, "a Checkpoint is needed"},
		{"no average", func(_ *testing.T, k *trip) { k.state.Members[0].Average = nil }, "a Member with an Average is needed"},
		{"another plan", func(t *testing.T, k *trip) { interrupted(t, k, 7); k.loop.Plan = other(t, 30) }, `it goes on with plan "other" of 4 steps an epoch (1 to 30), and began with plan "cycles"`},
		{"no plan", func(t *testing.T, k *trip) {
			interrupted(t, k, 7)
			k.loop.Plan, k.loop.Epochs, k.loop.Steps = nil, 3, 4
		}, `it goes on with no plan, and began with plan "cycles"`},
		{"end is missing", func(t *testing.T, k *trip) {
			interrupted(t, k, 7)
			require.NoError(t, os.Remove(filepath.Join(filepath.Dir(k.loop.Checkpoint), "checkpoint-end-1.safetensors")))
		}, `phase "2": `},
		{"end of another training", func(t *testing.T, k *trip) {
			interrupted(t, k, 7)
			require.NoError(t, k.state.Save(filepath.Join(filepath.Dir(k.loop.Checkpoint), "checkpoint-end-1.safetensors")))
		}, `is from step 8, not from the end of "1" after step 6: it belongs to another training`},
		{"optimizer without momentum", func(t *testing.T, k *trip) {
			sgd, err := optim.SGD{LR: 1}.New(k.state.Members[0].Net)
			require.NoError(t, err)
			k.state.Members[0].Optimizer = sgd
		}, `phase "1", net "net": `},
		{"a segment that its hook refuses", func(_ *testing.T, k *trip) {
			k.loop.Segment = func(s plan.Segment) error { return errors.New("no such augmentation") }
		}, `phase "1": no such augmentation`},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := newTrip(t, t.TempDir())
			test.change(t, k)
			assert.ErrorContains(t, k.loop.Run(t.Context()), test.says)
		})
	}
}
