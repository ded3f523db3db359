package train_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/nn"
	"github.com/cascade-hpc/cascade/nn/plan"
	"github.com/cascade-hpc/cascade/nn/schedule"
	"github.com/cascade-hpc/cascade/nn/train"
)

// crew is a training by several ranks in one directory.
type crew struct {
	dir    string
	ranks  int
	plan   *plan.Timeline // nil for 4 epochs of 5 steps
	reduce train.Reduce
	norm   bool                                        // with batch normalisation, synchronised
	resume bool                                        // rank 0 loads the checkpoint
	change func(c *dist.Comm, l *train.Loop)           // last changes; nil for none
	step   func(c *dist.Comm, at train.Position) error // ahead of a step
	ctx    context.Context                             // nil for the test's

	mu      sync.Mutex
	weights [][]float32      // of every rank, in the end
	at      []train.Position // of every rank, in the end
	errs    []error
}

func (k *crew) run(t *testing.T) error {
	if k.ctx == nil {
		k.ctx = t.Context()
	}
	k.begin()
	return dist.Run(k.ranks, k.rank)
}

func (k *crew) begin() {
	k.weights, k.at, k.errs = make([][]float32, k.ranks), make([]train.Position, k.ranks), make([]error, k.ranks)
}

// rank trains as one of the ranks.
func (k *crew) rank(c *dist.Comm) error {
	var options []nn.Option
	if k.norm {
		options = append(options, train.SyncBatchNorm(c))
	}
	w, err := newWorker(c, k.reduce, k.norm, options...)
	if err != nil {
		return err
	}
	defer w.program.Close()
	if c.Rank() > 0 {
		w.net.Init(77) // rank 0 is to say how it begins
	}
	state := &train.State{Members: []train.Member{{Net: w.net, Optimizer: w.optimizer}}}
	l := train.Loop{
		Epochs: 4, Steps: 5, Batch: globalBatch / c.Size(), Metrics: []string{"loss"}, Comm: c, State: state,
		Checkpoint: filepath.Join(k.dir, "checkpoint.safetensors"), Log: filepath.Join(k.dir, "log.csv"),
		Out: new(bytes.Buffer), Bar: new(bytes.Buffer),
		Step: func(at train.Position, metrics []float64) error {
			if k.step != nil {
				if err := k.step(c, at); err != nil {
					return err
				}
			}
			err := w.step(at.Total)
			metrics[0] = float64(w.loss[0])
			return err
		},
	}
	if k.plan != nil {
		l.Plan, l.Epochs, l.Steps = k.plan, 0, 0
	}
	if k.change != nil {
		k.change(c, &l)
	}
	if k.resume && c.Rank() == 0 {
		if err := state.Load(l.Checkpoint); err != nil {
			return err
		}
	}
	err = l.Run(k.ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.weights[c.Rank()] = append([]float32(nil), w.net.Weights()...)
	k.at[c.Rank()], k.errs[c.Rank()] = state.Position, err
	return err
}

// near compares weights that differ by rounding: sums over ranks are in another order.
func near(t *testing.T, want, got []float32) {
	t.Helper()
	for i, w := range want {
		require.InDelta(t, w, got[i], 1e-6)
	}
}

func TestALoopOfRanksIsLikeOneAlone(t *testing.T) {
	alone := &crew{dir: t.TempDir(), ranks: 1}
	require.NoError(t, alone.run(t))
	want, err := os.ReadFile(filepath.Join(alone.dir, "log.csv"))
	require.NoError(t, err)
	for _, n := range []int{2, 3} {
		k := &crew{dir: t.TempDir(), ranks: n}
		k.change = func(c *dist.Comm, l *train.Loop) {
			if c.Rank() > 0 {
				l.Checkpoint, l.Log = "/nonexistent/checkpoint", "/nonexistent/log" // they write nothing
			}
			l.Validations = []string{"rank"}
			l.Validate = func(_ train.Position, values []float64) error { values[0] = float64(c.Rank()); return nil }
		}
		require.NoError(t, k.run(t))
		for _, weights := range k.weights {
			assert.Equal(t, k.weights[0], weights, "ranks hold the same bits")
		}
		near(t, alone.weights[0], k.weights[0])
		rows := columns(t, filepath.Join(k.dir, "log.csv"))
		for i, row := range columns(t, filepath.Join(alone.dir, "log.csv"))[1:] {
			var epoch, step int
			var loss, of, mean float64
			_, err := fmt.Sscanf(row, "%d,%d,%g", &epoch, &step, &loss)
			require.NoError(t, err)
			_, err = fmt.Sscanf(rows[i+1], "%d,%d,%g,%g", &epoch, &step, &of, &mean)
			require.NoError(t, err)
			assert.InDelta(t, loss, of, 1e-6, "the mean loss over the ranks: %s", want)
			assert.InDelta(t, float64(n-1)/2, mean, 1e-12)
		}
	}
}

// TestAnInterruptionOfOneRankStopsAll behind the same step, and any number of ranks goes
// on from the checkpoint.
func TestAnInterruptionOfOneRankStopsAll(t *testing.T) {
	alone := &crew{dir: t.TempDir(), ranks: 1}
	require.NoError(t, alone.run(t))
	for _, stop := range []uint64{0, 3, 4, 5, 11, 16} {
		for _, next := range []int{1, 2, 3} {
			ctx, cancel := context.WithCancel(t.Context())
			k := &crew{dir: t.TempDir(), ranks: 2}
			k.step = func(c *dist.Comm, at train.Position) error {
				if at.Total == stop && c.Rank() == 1 {
					cancel()
				}
				return nil
			}
			k.ctx = ctx
			require.ErrorIs(t, k.run(t), train.ErrInterrupted)
			cancel()
			assert.Equal(t, k.at[0], k.at[1])
			assert.LessOrEqual(t, k.at[0].Total, stop+3)
			again := &crew{dir: k.dir, ranks: next, resume: true}
			require.NoError(t, again.run(t), "from step %d with %d ranks", stop, next)
			near(t, alone.weights[0], again.weights[0])
			rows, want := columns(t, filepath.Join(k.dir, "log.csv")), columns(t, filepath.Join(alone.dir, "log.csv"))
			require.Len(t, rows, 5)
			for i := range rows[1:] {
				assert.InDelta(t, lossOf(t, want[i+1]), lossOf(t, rows[i+1]), 1e-6, "of all ranks, ahead of the interruption too")
			}
		}
	}
}

// TestRanksThatDoNotWriteNeedNoNamesOfFiles: they do their part of a checkpoint all the
// same, within an epoch and at an interruption.
func TestRanksThatDoNotWriteNeedNoNamesOfFiles(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	k := &crew{dir: t.TempDir(), ranks: 2, ctx: ctx}
	k.change = func(c *dist.Comm, l *train.Loop) {
		l.Every = time.Nanosecond
		if c.Rank() > 0 {
			l.Checkpoint, l.Log = "", ""
		}
	}
	k.step = func(_ *dist.Comm, at train.Position) error {
		if at.Total == 7 {
			cancel()
		}
		return nil
	}
	require.ErrorIs(t, k.run(t), train.ErrInterrupted)
	assert.NotErrorIs(t, k.errs[0], dist.ErrLeft, "rank 1 left it alone with the checkpoint")
	assert.ErrorContains(t, k.errs[0], "checkpoint.safetensors holds all that was done")
	assert.ErrorIs(t, k.errs[1], train.ErrInterrupted)
}

// TestACheckpointWithinAnEpochHoldsTheMetricsOfAllRanks: a training that dies goes on from
// it to the rows that it writes otherwise.
func TestACheckpointWithinAnEpochHoldsTheMetricsOfAllRanks(t *testing.T) {
	whole := &crew{dir: t.TempDir(), ranks: 2}
	require.NoError(t, whole.run(t))
	k := &crew{dir: t.TempDir(), ranks: 2}
	k.change = func(_ *dist.Comm, l *train.Loop) { l.Every = time.Nanosecond }
	k.step = func(c *dist.Comm, at train.Position) error {
		if c.Rank() == 1 && at.Total == 9 {
			return errors.New("the power is gone")
		}
		return nil
	}
	require.Error(t, k.run(t))
	again := &crew{dir: k.dir, ranks: 2, resume: true}
	again.step = func(_ *dist.Comm, at train.Position) error {
		assert.GreaterOrEqual(t, at.Total, uint64(6), "from within the second epoch")
		return nil
	}
	require.NoError(t, again.run(t))
	assert.Equal(t, whole.weights, again.weights)
	assert.Equal(t, columns(t, filepath.Join(whole.dir, "log.csv")), columns(t, filepath.Join(k.dir, "log.csv")))
}

// lossOf is the loss in a row of the log.
func lossOf(t *testing.T, row string) (loss float64) {
	t.Helper()
	var epoch, step int
	_, err := fmt.Sscanf(row, "%d,%d,%g", &epoch, &step, &loss)
	require.NoError(t, err)
	return loss
}

// TestRanksGoBackTogether: with collapses, ranks hold the same bits, near those of one.
func TestRanksGoBackTogether(t *testing.T) {
	p := plan.Plan{Name: "two", Phases: []plan.Phase{
		{Name: "1", Length: plan.Steps(7), LR: schedule.Constant(0.05), Collapse: &plan.Collapse{Length: plan.Steps(4)}},
		{Name: "2", Length: plan.Steps(6), LR: schedule.Constant(0.03), Collapse: &plan.Collapse{Length: plan.Steps(3)}},
	}}
	timeline, err := p.Resolve(5, plan.Length{})
	require.NoError(t, err)
	alone := &crew{dir: t.TempDir(), ranks: 1, plan: timeline}
	require.NoError(t, alone.run(t))
	k := &crew{dir: t.TempDir(), ranks: 3, plan: timeline}
	require.NoError(t, k.run(t))
	assert.Equal(t, k.weights[0], k.weights[2])
	near(t, alone.weights[0], k.weights[0])
}

// TestWhatEndsARankEndsAll, with the rank and the reason.
func TestWhatEndsARankEndsAll(t *testing.T) {
	for _, test := range []struct {
		name  string
		crew  *crew
		says  string // the rank where it happens
		other string // the others
	}{
		{"a step fails", &crew{step: func(c *dist.Comm, at train.Position) error {
			if c.Rank() == 2 && at.Total == 7 {
				return errors.New("row 5 is damaged")
			}
			return nil
		}}, "epoch 2, step 3: row 5 is damaged", "a rank has left: rank 2: train: epoch 2, step 3: row 5 is damaged"},
		{"the disk of rank 0 is full", &crew{change: func(c *dist.Comm, l *train.Loop) {
			if c.Rank() == 0 {
				l.Checkpoint = "/nonexistent/checkpoint"
			}
		}}, "/nonexistent", "a rank has left: rank 0: train: end of epoch 1: checkpoint:"},
		{"a validation fails", &crew{change: func(c *dist.Comm, l *train.Loop) {
			l.Validate = func(train.Position, []float64) error {
				if c.Rank() == 1 {
					return errors.New("no test set here")
				}
				return nil
			}
		}}, "end of epoch 1: no test set here", "rank 1 failed, and says why"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := test.crew
			k.dir, k.ranks = t.TempDir(), 3
			err := k.run(t)
			require.ErrorContains(t, err, test.says)
			assert.NotContains(t, err.Error(), "says why", "one of them says it")
			said := 0
			for rank, err := range k.errs {
				require.Error(t, err, "rank %d", rank)
				if bytes.Contains([]byte(err.Error()), []byte(test.other)) {
					said++
				} else {
					assert.ErrorContains(t, err, test.says)
				}
			}
			assert.Equal(t, 2, said, "%v", k.errs)
		})
	}
}

// TestAFailureGoesAheadOfAnInterruption: a rank that fails and one that is interrupted in
// the same validation both end with the failure, and neither waits for the other.
func TestAFailureGoesAheadOfAnInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	k := &crew{dir: t.TempDir(), ranks: 2, ctx: ctx}
	k.change = func(c *dist.Comm, l *train.Loop) {
		l.Validate = func(train.Position, []float64) error {
			cancel()
			if c.Rank() == 0 {
				return errors.New("no test set here")
			}
			return ctx.Err()
		}
	}
	require.Error(t, k.run(t))
	assert.ErrorContains(t, k.errs[0], "no test set here")
	assert.ErrorContains(t, k.errs[1], "rank 0 failed, and says why")
	assert.NotErrorIs(t, k.errs[1], train.ErrInterrupted)
}

// TestALogThatRankZeroCannotKeepEndsAll before the first step.
func TestALogThatRankZeroCannotKeepEndsAll(t *testing.T) {
	k := &crew{dir: t.TempDir(), ranks: 2}
	require.NoError(t, k.run(t))
	require.NoError(t, os.WriteFile(filepath.Join(k.dir, "log.csv"), []byte("another,log\n1,2\n"), 0o644))
	again := &crew{dir: k.dir, ranks: 2, resume: true, change: func(_ *dist.Comm, l *train.Loop) { l.Epochs = 5 }}
	require.Error(t, again.run(t))
	assert.ErrorContains(t, again.errs[0], "its columns are")
	assert.ErrorIs(t, again.errs[1], dist.ErrLeft)
}

// TestALogThatIsLostEndsAll ahead of a snapshot, for which rank 0 would not be there.
func TestALogThatIsLostEndsAll(t *testing.T) {
	p, err := plan.CollapsedEnsemble{LR: 0.05, Cycles: 2}.Plan().Stretch(plan.Epochs(4)).Resolve(5, plan.Length{})
	require.NoError(t, err)
	k := &crew{dir: t.TempDir(), ranks: 2, plan: p}
	segments := p.Segments()
	first := segments[slices.IndexFunc(segments, func(g plan.Segment) bool { return g.Snapshot })]
	snapshots := new(atomic.Int64)
	k.change = func(c *dist.Comm, l *train.Loop) {
		l.Snapshot = func(plan.Segment) error {
			snapshots.Add(1)
			return dist.Allreduce(c, make([]float64, 1), dist.Sum)
		}
		l.Validate = func(at train.Position, _ []float64) error {
			if c.Rank() > 0 || at.Total != first.First+first.Length {
				return nil
			}
			return errors.Join(os.Remove(l.Log), os.MkdirAll(filepath.Join(l.Log, "x"), 0o777))
		}
	}
	require.Error(t, k.run(t))
	assert.ErrorContains(t, k.errs[0], "log.csv")
	assert.ErrorContains(t, k.errs[1], "rank 0 failed, and says why")
	assert.Zero(t, snapshots.Load())
}

// TestARankThatHoldsTheOthersUpIsNamed at the end of the epoch.
func TestARankThatHoldsTheOthersUpIsNamed(t *testing.T) {
	var bar bytes.Buffer
	k := &crew{dir: t.TempDir(), ranks: 3}
	k.change = func(c *dist.Comm, l *train.Loop) {
		if l.Epochs = 2; c.Rank() == 0 {
			l.Bar = &bar
		}
	}
	k.step = func(c *dist.Comm, at train.Position) error {
		if c.Rank() == 1 && at.Epoch == 1 {
			time.Sleep(300 * time.Millisecond)
		}
		return nil
	}
	require.NoError(t, k.run(t))
	assert.Contains(t, bar.String(), "rank 1 holds the others up: they waited ")
}

// TestWeightsThatDifferAreFound at the next comparison, whichever rank changed.
func TestWeightsThatDifferAreFound(t *testing.T) {
	k := &crew{dir: t.TempDir(), ranks: 3}
	var state *train.State
	k.change = func(c *dist.Comm, l *train.Loop) {
		l.Epochs = 60
		if c.Rank() == 1 {
			state = l.State
		}
	}
	k.step = func(c *dist.Comm, at train.Position) error {
		if c.Rank() == 1 && at.Total == 130 {
			state.Members[0].Net.Weights()[3] *= 1.0001
		}
		return nil
	}
	require.ErrorIs(t, k.run(t), train.ErrDiverged)
	for _, err := range k.errs {
		assert.ErrorContains(t, err, "those of ranks [1] are not those of rank 0")
	}
	assert.Equal(t, uint64(201), k.at[0].Total)
}
