package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/philox"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/chexnet/nih"
	"github.com/cascade-hpc/cascade/recipes/internal/recipetest"
)

// learned trains the small network on a folder of drawn images and returns its mean
// AUROC on those of other patients.
func learned(t *testing.T, images string) float64 {
	h5, out := converted(t, images, 64), t.TempDir()
	x := short(filepath.Join(h5, trainValFile), out)
	x.epochs, x.patience, x.validation, x.lr = 6, 6, 0.1, 3e-3
	require.NoError(t, x.run(t.Context()))
	r, err := evaluation{data: filepath.Join(h5, testFile), model: x.file(modelFile), batch: 16}.run(t.Context())
	require.NoError(t, err)
	require.Equal(t, nih.Count, r.Of)
	t.Logf("mean AUROC %.3f", r.Mean)
	return r.Mean
}

// TestTrainingLearnsTheFindings, and learns nothing where each finding is dealt out to
// other images, though its test is the same. It still answers to how much there is in an
// image, for one finding with more and for another with less, so that it may be off one
// half for each.
func TestTrainingLearnsTheFindings(t *testing.T) {
	images := made(t, 240, 64)
	assert.Greater(t, learned(t, images), 0.75)
	shuffleLabels(t, images)
	shuffleLabels(t, images)
	assert.InDelta(t, 0.5, learned(t, images), 0.1)
}

// shuffleLabels permutes the labels to train on, each finding on its own.
func shuffleLabels(t *testing.T, images string) {
	set, err := nih.Open(images, nih.Options{})
	require.NoError(t, err)
	var records []nih.Record
	for _, e := range append(slices.Clone(set.TrainVal), set.Test...) {
		records = append(records, e.Record)
	}
	r := philox.NewStream(1, 0)
	for finding := range nih.Count {
		for i, from := range r.Perm(len(set.TrainVal)) {
			records[i].Labels[finding] = set.TrainVal[from].Labels[finding]
		}
	}
	require.NoError(t, nih.WriteTable(images, records, 64))
}

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

// logged is the columns of a log that do not tell the time.
func logged(t *testing.T, path string) [][]string {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	table, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for i, row := range table {
		table[i] = row[:len(row)-3] // the rate, the seconds and the share of waiting
	}
	return table
}

// TestResumeGivesTheSameBits interrupts a training again and again, at the end of an epoch
// and within, and goes on: model, checkpoint and log are those of a training
// in one go. Its rate is too high, so that it falls.
func TestResumeGivesTheSameBits(t *testing.T) {
	data := filepath.Join(converted(t, made(t, 20, 32), 32), trainValFile)
	whole, parts := short(data, t.TempDir()), short(data, t.TempDir())
	for _, x := range []*training{whole, parts} {
		x.epochs, x.lr = 4, 0.01
	}
	require.NoError(t, whole.run(t.Context()))
	stops := 0
	for ; stops < 100; stops++ {
		parts.resume = stops > 0
		err := parts.run(&countdown{t.Context(), 2})
		if err == nil {
			break
		}
		require.ErrorIs(t, err, train.ErrInterrupted)
	}
	assert.Greater(t, stops, 3, "interruptions")
	assert.Less(t, stops, 100)
	recipetest.SameFiles(t, whole.out, parts.out, modelFile, checkpointFile)
	want := logged(t, whole.file(logFile))
	assert.Equal(t, want, logged(t, parts.file(logFile)))
	last := len(want[0]) - 1
	assert.Equal(t, "lr", want[0][last])
	assert.NotEqual(t, want[1][last], want[4][last], "the rate has fallen on the way")
}

func TestTrainingTakesPNGFilesAndCrops(t *testing.T) {
	h5 := converted(t, made(t, 20, 80), 0)
	x := short(filepath.Join(h5, trainValFile), t.TempDir())
	x.epochs, x.crop = 1, 0.7
	require.NoError(t, x.run(t.Context()))
	r, err := evaluation{data: filepath.Join(h5, testFile), model: x.file(modelFile), batch: 7, tenCrop: true}.run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 10, r.Views)
}

func TestTrainingBeginsWithWeights(t *testing.T) {
	data := filepath.Join(converted(t, made(t, 20, 32), 32), trainValFile)
	first := short(data, t.TempDir())
	require.NoError(t, first.run(t.Context()))
	var said bytes.Buffer
	second := short(data, t.TempDir())
	second.weights, second.stdout, second.epochs = first.file(modelFile), &said, 1
	require.NoError(t, second.run(t.Context()))
	begun, fresh := logged(t, second.file(logFile)), logged(t, first.file(logFile))
	assert.Equal(t, "loss", begun[0][2])
	assert.Less(t, begun[1][2], fresh[1][2], "the loss of the first epoch")
	assert.NotContains(t, said.String(), "last layer")
}

// A job of a queue comes again with the flags that it began with, and --resume. Its weights
// may be gone by then, for they are not read again.
func TestATrainingThatBeganWithWeightsComesAgain(t *testing.T) {
	data := filepath.Join(converted(t, made(t, 20, 32), 32), trainValFile)
	before := short(data, t.TempDir())
	require.NoError(t, before.run(t.Context()))
	weights := before.file(modelFile)
	begin := func(resume bool) *training {
		x := short(data, t.TempDir())
		x.weights, x.resume = weights, resume
		return x
	}
	whole, parts := begin(false), begin(true)
	require.NoError(t, whole.run(t.Context()))

	var said bytes.Buffer
	parts.stdout = &said
	require.ErrorIs(t, parts.run(&countdown{t.Context(), 2}), train.ErrInterrupted)
	assert.Contains(t, said.String(), checkpointFile+" is not there yet: the training begins\n")
	require.NoError(t, os.Remove(weights))
	said.Reset()
	require.NoError(t, parts.run(t.Context()))
	assert.Contains(t, said.String(), "it began with "+weights+", which is not read again\n")
	recipetest.SameFiles(t, whole.out, parts.out, modelFile, checkpointFile)
}

func TestTrainRefuses(t *testing.T) {
	data := filepath.Join(converted(t, made(t, 20, 32), 32), trainValFile)
	done := t.TempDir()
	require.NoError(t, short(data, done).run(t.Context()))
	cut := filepath.Join(t.TempDir(), "cut.h5")
	whole, err := os.ReadFile(data)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cut, whole[:len(whole)/2], 0o644))
	tests := []struct {
		name   string
		change func(x *training)
		says   string
	}{
		{"missing file", func(x *training) { x.data = "nothing.h5" }, "nothing.h5"},
		{"truncated file", func(x *training) { x.data = cut }, "cut.h5"},
		{"a batch larger than the data", func(x *training) { x.batch = 500 }, "too few for a batch of 500"},
		{"nobody for validation", func(x *training) { x.validation = 0.001 }, "a larger --validation may help"},
		{"going on with another seed", func(x *training) { x.resume, x.out, x.seed = true, done, 6 }, "is of a training with seed 5, not 6"},
		{"going on with another rate", func(x *training) { x.resume, x.out, x.lr = true, done, 1 }, "with lr 0.001, not 1"},
		{"going on with others for validation", func(x *training) { x.resume, x.out, x.validation = true, done, 0.4 }, "with images "},
		{"weights that are not there", func(x *training) { x.weights = "nothing.safetensors" }, "nothing.safetensors"},
		{"going on from other weights", func(x *training) { x.resume, x.out, x.weights = true, done, "w.safetensors" }, "with beginning drawn from the seed, not w.safetensors"},
		{"weights that are none", func(x *training) { x.weights = data }, trainValFile},
		{"folder that cannot be", func(x *training) { x.out = filepath.Join(data, "out") }, "not a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := short(data, filepath.Join(t.TempDir(), "out"))
			test.change(x)
			assert.ErrorContains(t, x.run(t.Context()), test.says)
		})
	}
}
