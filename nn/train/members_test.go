package train_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/train"
)

// collect makes the loop of a trip add its snapshots to an ensemble, and of an average
// of weights the net with statistics of its own.
func (k *trip) collect(t *testing.T, dir string) {
	e, err := ensemble.Create(dir, ensemble.About{Arch: "task", Classes: 1, Plan: k.loop.Plan.Name()})
	require.NoError(t, err)
	m := k.state.Members[0]
	k.loop.Snapshot = func(s plan.Segment) error {
		member := ensemble.Member{
			Name: s.Name, Phase: s.Phase, Collapsed: s.Collapse, Apart: s.Average > 0,
			Step: s.First + s.Length, Epoch: float64(s.First+s.Length) / float64(k.loop.Plan.StepsPerEpoch()),
		}
		if s.Average == 0 {
			return e.Add(m.Net, member)
		}
		return m.Average.With(func() error {
			if err := train.Reestimate(m.Net, 5, k.estimate); err != nil {
				return err
			}
			return e.Add(m.Net, member)
		})
	}
}

// estimate is a step without the optimizer.
func (k *trip) estimate(batch int) error {
	for i := range k.x {
		k.x[i] = float32(math.Cos(float64(batch)*1.3 + float64(i)))
	}
	return k.program.Run(uint64(batch))
}

// TestATrainingLeavesTheSameEnsembleWhereverItIsStopped: the manifest, and with it the
// hashes of all members, collapsed, not, and averaged.
func TestATrainingLeavesTheSameEnsembleWhereverItIsStopped(t *testing.T) {
	manifest := func(dir string) string {
		text, err := os.ReadFile(filepath.Join(dir, "ensemble", "manifest.json"))
		require.NoError(t, err)
		return string(text)
	}
	dir := t.TempDir()
	whole := newTrip(t, dir)
	whole.collect(t, filepath.Join(dir, "ensemble"))
	require.NoError(t, whole.loop.Run(t.Context()))
	want := manifest(dir)

	for stop := uint64(1); stop < 25; stop += 4 {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		first := newTrip(t, dir)
		first.collect(t, filepath.Join(dir, "ensemble"))
		first.loop.Step = func(at train.Position, metrics []float64) error {
			if at.Total == stop {
				cancel()
			}
			return first.step(at, metrics)
		}
		require.ErrorIs(t, first.loop.Run(ctx), train.ErrInterrupted)
		cancel()
		second := newTrip(t, dir)
		second.collect(t, filepath.Join(dir, "ensemble"))
		require.NoError(t, second.state.Load(second.loop.Checkpoint))
		require.NoError(t, second.loop.Run(t.Context()))
		assert.Equal(t, want, manifest(dir), "stopped at %d", stop)
	}

	e, err := ensemble.Open(filepath.Join(dir, "ensemble"))
	require.NoError(t, err)
	var names []string
	for _, m := range e.Members() {
		names = append(names, m.Name)
	}
	assert.Equal(t, []string{"1", "1c", "2", "2c", "mean/end", "last"}, names)
}
