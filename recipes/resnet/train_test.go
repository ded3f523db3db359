package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/recipetest"
	"github.com/cascade-hpc/cascade/recipes/internal/runlog"
)

// countdown is a context that ends after its Err was asked a number of times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// sameFiles compares what two trainings have left, but for times in their logs.
func sameFiles(t *testing.T, want, got string) {
	e, err := ensemble.Open(filepath.Join(want, ensembleDir))
	require.NoError(t, err)
	names := []string{checkpointFile, filepath.Join(ensembleDir, "manifest.json")}
	for _, m := range e.Members() {
		names = append(names, filepath.Join(ensembleDir, m.File))
	}
	recipetest.SameFiles(t, want, got, names...)
	a, err := runlog.Read(filepath.Join(want, logFile))
	require.NoError(t, err)
	b, err := runlog.Read(filepath.Join(got, logFile))
	require.NoError(t, err)
	require.Len(t, b.Cells, len(a.Cells))
	for i, row := range a.Cells {
		timed := len(row) - 3 // the rate, the seconds and the share of waiting
		assert.Equal(t, row[:timed], b.Cells[i][:timed])
	}
}

// TestResumeGivesTheSameBits interrupts trainings of every kind again and again, in the
// middle of epochs, phases, tests and collapses: members, manifest, checkpoint and log are
// those of a training in one go.
func TestResumeGivesTheSameBits(t *testing.T) {
	data := quadrants(t)
	for name, change := range map[string]func(x *training){
		"collapsed":                   func(x *training) {},
		"running average, two by two": func(x *training) { x.ema, x.accumulate, x.optimizer = 0.9, 2, "lars" },
		"mean of weights":             func(x *training) { x.name, x.members, x.optimizer = "swa", 0, "lamb" },
		"snapshots, smoothed":         func(x *training) { x.name, x.smoothing, x.optimizer = "snapshot", 0.1, "nesterov" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole, parts := t.TempDir(), t.TempDir()
			x := short(data, whole)
			change(x)
			require.NoError(t, x.run(t.Context(), io.Discard))
			stopped := 0
			for stop := 2; ; stop++ {
				x := short(data, parts)
				change(x)
				if _, err := os.Stat(x.file(checkpointFile)); err == nil {
					x.resume = true
				}
				err := x.run(&countdown{t.Context(), stop}, io.Discard)
				if err == nil {
					break
				}
				require.ErrorIs(t, err, train.ErrInterrupted)
				if x.resume {
					assert.ErrorContains(t, err, "add --resume to the same command to go on")
					stopped++
				}
			}
			assert.Greater(t, stopped, 2)
			sameFiles(t, whole, parts)
		})
	}
}

// A training makes members that are better after their collapse, and better than chance.
func TestTrainAndEvaluate(t *testing.T) {
	data, out := quadrants(t), t.TempDir()
	x := short(data, out)
	x.epochs = 12
	require.NoError(t, x.run(t.Context(), io.Discard))
	e, err := ensemble.Open(filepath.Join(out, ensembleDir))
	require.NoError(t, err)
	var names []string
	for _, m := range e.Members() {
		names = append(names, m.Name)
	}
	assert.Equal(t, []string{"1", "1c", "2", "2c"}, names)
	for name, rule := range rules {
		r, err := trial{dir: filepath.Join(out, ensembleDir), dataFlags: dataFlags{data: data}, rule: rule}.run(t.Context(), io.Discard)
		require.NoError(t, err, name)
		assert.Equal(t, 20, r.Rows)
		assert.Greater(t, r.Final().Scores.Top1, 0.9, name)
		// What the training said of a member is what the evaluation finds.
		for i, m := range e.Members()[:2] {
			got := []*ensemble.Scored{r.Points[0].Uncollapsed, r.Points[0].Collapsed}[i].Scores
			assert.InDelta(t, m.Metrics["top1"], got.Top1, 1e-12)
			assert.InDelta(t, m.Metrics["loss"], got.NLL, 1e-9)
		}
	}
	var table bytes.Buffer
	require.NoError(t, program.Run(t.Context(), &table, []string{"evaluate", "--ensemble", filepath.Join(out, ensembleDir) + "/", "--data", data}))
	assert.Contains(t, table.String(), reportFile+" and "+pictureFile+" are in "+out)
	assert.FileExists(t, filepath.Join(out, reportFile))
	for _, name := range []string{courseFile, planFile, pictureFile} {
		b, err := os.ReadFile(filepath.Join(out, name))
		require.NoError(t, err)
		assert.Equal(t, "\x89PNG", string(b[:4]))
	}
}

// The same seed gives the same bits, and another one others.
func TestTheSeedDecidesTheBits(t *testing.T) {
	data := quadrants(t)
	run := func(seed uint64) string {
		x := short(data, t.TempDir())
		x.epochs, x.seed = 1, seed
		require.NoError(t, x.run(t.Context(), io.Discard))
		b, err := os.ReadFile(filepath.Join(x.out, ensembleDir, "2c.safetensors"))
		require.NoError(t, err)
		return string(b)
	}
	first := run(1)
	assert.True(t, first == run(1))
	assert.False(t, first == run(2))
}

// Fast geometric ensembles begin with the weights of a member of another training.
func TestTrainGoesOnFromWeights(t *testing.T) {
	data, out := quadrants(t), t.TempDir()
	x := short(data, out)
	x.epochs = 8
	require.NoError(t, x.run(t.Context(), io.Discard))
	y := short(data, t.TempDir())
	y.name, y.epochs, y.lr = "fge", 2, 1e-4
	y.weights = filepath.Join(out, ensembleDir, "2c.safetensors")
	require.NoError(t, y.run(t.Context(), io.Discard))
	e, err := ensemble.Open(y.file(ensembleDir))
	require.NoError(t, err)
	require.Len(t, e.Members(), 2)
	assert.Greater(t, e.Members()[0].Metrics["top1"], 0.5, "after one epoch at this rate it can only know from before")
}

// A job of a queue comes again with the flags that it began with, and --resume. Its weights
// may be gone by then, for they are not read again.
func TestATrainingThatBeganWithWeightsComesAgain(t *testing.T) {
	data, before := quadrants(t), t.TempDir()
	require.NoError(t, short(data, before).run(t.Context(), io.Discard))
	weights := filepath.Join(before, ensembleDir, "2c.safetensors")
	begin := func(out string, resume bool) *training {
		x := short(data, out)
		x.weights, x.resume, x.ema = weights, resume, 0.9
		return x
	}
	whole, parts := t.TempDir(), t.TempDir()
	require.NoError(t, begin(whole, false).run(t.Context(), io.Discard))

	var said bytes.Buffer
	require.ErrorIs(t, begin(parts, true).run(&countdown{t.Context(), 6}, &said), train.ErrInterrupted)
	assert.Contains(t, said.String(), checkpointFile+" is not there yet: the training begins\n")
	require.NoError(t, os.Remove(weights))
	said.Reset()
	require.NoError(t, begin(parts, true).run(t.Context(), &said))
	assert.Contains(t, said.String(), "it began with "+weights+", which is not read again\n")
	sameFiles(t, whole, parts)
}

func TestTrainRefuses(t *testing.T) {
	data := quadrants(t)
	done := t.TempDir()
	require.NoError(t, short(data, done).run(t.Context(), io.Discard))
	small := t.TempDir()
	writeQuadrants(t, filepath.Join(small, "train.h5"), 7)
	writeQuadrants(t, filepath.Join(small, "test.h5"), 4)
	tests := []struct {
		name   string
		change func(x *training)
		says   string
	}{
		{"no data", func(x *training) { x.data = "" }, "--data is missing"},
		{"missing file", func(x *training) { x.data = "nothing.h5" }, "nothing.h5"},
		{"unknown plan", func(x *training) { x.name = "best" }, "--plan best: the plans are collapsed, recipe-a"},
		{"unknown network", func(x *training) { x.arch = "resnet9" }, "--arch resnet9: the networks are resnet8"},
		{"unknown rule", func(x *training) { x.optimizer = "adam" }, "--optimizer adam"},
		{"negative epochs", func(x *training) { x.epochs = -1 }, "--epochs -1"},
		{"no batch", func(x *training) { x.accumulate = 0 }, "--accumulate 0"},
		{"negative rate", func(x *training) { x.lr = -1 }, "--lr -1"},
		{"members of a plan without", func(x *training) { x.name = "cosine" }, "--members 2: the plan cosine"},
		{"members of a recipe", func(x *training) { x.name = "recipe-b" }, "--members 2: the plan recipe-b"},
		{"all labels smoothed away", func(x *training) { x.smoothing = 1 }, "--smoothing 1"},
		{"too slow an average", func(x *training) { x.ema = 1 }, "--ema 1"},
		{"two averages", func(x *training) { x.name, x.members, x.ema = "swa", 0, 0.9 }, "the plan averages weights itself"},
		{"unknown exception", func(x *training) { x.noDecay = "biases" }, "--no-decay biases"},
		{"a fine tuning of nothing", func(x *training) { x.name = "fge" }, "--weights is missing"},
		{"weights of another network", func(x *training) { x.arch, x.weights = "resnet14", filepath.Join(done, ensembleDir, "1c.safetensors") }, "1c.safetensors"},
		{"share held out", func(x *training) { x.HeldOut = 1 }, "--hold-out 1"},
		{"area of an image", func(x *training) { x.Augmentation.Area = 2 }, "--area 2"},
		{"fewer images than a batch", func(x *training) { x.data = small }, "7 rows are too few for a batch of 8"},
		{"going on with another seed", func(x *training) { x.resume, x.out, x.seed = true, done, 6 }, "is of a training with seed 5, not 6"},
		{"going on with another rate", func(x *training) { x.resume, x.out, x.lr = true, done, 0.01 }, "learning rate 0.05"},
		{"going on from other weights", func(x *training) { x.resume, x.out, x.weights = true, done, "w.safetensors" }, "with beginning drawn from the seed, not w.safetensors"},
		{"going on for longer", func(x *training) { x.resume, x.out, x.epochs = true, done, 5 }, "epochs 4"},
		{"another training in the folder", func(x *training) { x.out, x.epochs = done, 5 }, "name another --out, or remove it"},
		{"folder that cannot be", func(x *training) { x.out = filepath.Join(data, "train.h5", "out") }, "not a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := short(data, filepath.Join(t.TempDir(), "out"))
			test.change(x)
			assert.ErrorContains(t, x.run(t.Context(), io.Discard), test.says)
		})
	}
}

func TestEvaluateRefuses(t *testing.T) {
	data, out := quadrants(t), t.TempDir()
	require.NoError(t, short(data, out).run(t.Context(), io.Discard))
	dir := filepath.Join(out, ensembleDir)
	empty := t.TempDir()
	_, err := ensemble.Create(empty, ensemble.About{Arch: "resnet8", Classes: 4})
	require.NoError(t, err)
	strange := t.TempDir()
	writeQuadrants(t, filepath.Join(strange, "image.h5"), 4)
	for name, test := range map[string]struct{ dir, data, says string }{
		"no ensemble":     {t.TempDir(), data, "manifest.json"},
		"no members":      {empty, data, "no members yet"},
		"no images":       {dir, "nothing.h5", "nothing.h5"},
		"a folder of one": {dir, strange, "there is no data set in this folder"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := trial{dir: test.dir, dataFlags: dataFlags{data: test.data}, rule: ensemble.MeanSoftmax}.run(t.Context(), io.Discard)
			assert.ErrorContains(t, err, test.says)
		})
	}
	member := filepath.Join(dir, "1c.safetensors")
	require.NoError(t, os.Truncate(member, 100))
	_, err = trial{dir: dir, dataFlags: dataFlags{data: data}, rule: ensemble.MeanSoftmax}.run(t.Context(), io.Discard)
	require.ErrorIs(t, err, ensemble.ErrDamaged)
	assert.ErrorContains(t, err, "1c")
}

// Files of any size become views; some are held out, and are those that are tested with.
func TestTrainReadsPhotographs(t *testing.T) {
	data, out := photographs(t), t.TempDir()
	require.NoError(t, program.Run(t.Context(), io.Discard, []string{
		"train", "--data", data, "--hold-out", "0.3", "--size", "16", "--arch", "resnet8", "--out", out,
		"--plan", "recipe-b", "--epochs", "16", "--batch", "8", "--lr", "0.1",
	}))
	test := trial{dir: filepath.Join(out, ensembleDir), dataFlags: dataFlags{data: data}, rule: ensemble.MeanSoftmax}
	var said bytes.Buffer
	r, err := test.run(t.Context(), &said)
	require.NoError(t, err)
	assert.Contains(t, said.String(), "testing with the share of 0.3 that the training held out")
	assert.InDelta(t, 18, r.Rows, 9)
	assert.Greater(t, r.Final().Scores.Top1, 0.8)
	assert.Equal(t, []string{"cyc3c"}, r.Final().Members)

	test.HeldOut, test.chosen = 0.3, true
	again, err := test.run(t.Context(), io.Discard)
	require.NoError(t, err)
	assert.Equal(t, r, again)
	test.HeldOut = 0.4
	_, err = test.run(t.Context(), io.Discard)
	require.ErrorIs(t, err, cli.ErrUsage)
	assert.ErrorContains(t, err, "--hold-out 0.4: the training held out a share of 0.3")
	test.HeldOut, test.Images, test.Labels = 0, "train_img", "train_labels"
	all, err := test.run(t.Context(), io.Discard)
	require.NoError(t, err)
	assert.Equal(t, 60, all.Rows)
}

// A queue starts again what ends with train.ErrInterrupted: only a training may.
func TestOnlyAnInterruptedTrainingIsToComeAgain(t *testing.T) {
	data, out := quadrants(t), t.TempDir()
	require.NoError(t, short(data, out).run(t.Context(), io.Discard))
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		args  []string
		again bool
	}{
		{[]string{"train", "--data", data, "--out", t.TempDir()}, true},
		{[]string{"plan", "--data", data}, false},
		{[]string{"evaluate", "--data", data, "--ensemble", filepath.Join(out, ensembleDir), "--out", t.TempDir()}, false},
	} {
		err := program.Run(over, io.Discard, tc.args)
		assert.ErrorContains(t, err, "interrupted", tc.args[0])
		assert.Equal(t, tc.again, errors.Is(err, train.ErrInterrupted), tc.args[0])
	}
}
