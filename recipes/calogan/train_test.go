package main

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/calogan/gan"
	"github.com/cascade-hpc/cascade/recipes/calogan/shower"
	"github.com/cascade-hpc/cascade/recipes/internal/runlog"
)

// fewShowers is a file of 28 showers.
func fewShowers(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "showers.h5")
	require.NoError(t, simulation{events: 28, out: path, seed: 3, threads: 1, shower: shower.Config{}}.run(t.Context()))
	return path
}

// short is a training of two epochs of three steps.
func short(data, out string) *training {
	return &training{data: data, out: out, preset: "small", epochs: 2, batch: 8, seed: 5, held: 4}
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

// TestResumeGivesTheSameBits interrupts a training in the middle of an epoch and goes
// on: model, checkpoint and the columns of the log that do not tell the time are those
// of a training in one go.
func TestResumeGivesTheSameBits(t *testing.T) {
	showers := fewShowers(t)
	whole, parts := t.TempDir(), t.TempDir()
	require.NoError(t, short(showers, whole).run(t.Context()))

	for _, stop := range []int{2, 1} { // in the first epoch, and at the end of it
		again := short(showers, parts)
		again.resume = true // as a job of a queue may always have it
		err := again.run(&countdown{t.Context(), stop})
		require.ErrorIs(t, err, train.ErrInterrupted)
		assert.ErrorContains(t, err, "add --resume to the same command to go on")
	}
	again := short(showers, parts)
	again.resume = true
	require.NoError(t, again.run(t.Context()))
	sameFiles(t, whole, parts)
	want, err := runlog.Read(filepath.Join(whole, logFile))
	require.NoError(t, err)
	got, err := runlog.Read(filepath.Join(parts, logFile))
	require.NoError(t, err)
	assert.Equal(t, want.Names(), got.Names())
	require.Len(t, got.Cells, len(want.Cells))
	for i, row := range want.Cells {
		timed := len(row) - 3 // the rate, the seconds and the share of waiting
		assert.Equal(t, row[:timed], got.Cells[i][:timed])
	}
	picture, err := os.ReadFile(filepath.Join(parts, lossesFile))
	require.NoError(t, err)
	assert.Equal(t, "\x89PNG", string(picture[:4]))
}

// TestGenerateFromTraining makes showers with a trained model and reads them back.
func TestGenerateFromTraining(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, short(fewShowers(t), dir).run(t.Context()))
	out := filepath.Join(dir, "generated.h5")
	require.NoError(t, runGenerate(t.Context(), io.Discard, []string{
		"--model", filepath.Join(dir, modelFile), "--events", "10", "--out", out, "--batch", "4", "--emin", "50", "--emax", "60",
	}))
	src, err := openShowers(out)
	require.NoError(t, err)
	defer src.Close()
	assert.Equal(t, 10, src.Rows())
	require.NoError(t, readShowers(t.Context(), src, data.Part(0, 1), func(_, energies []float32) error {
		for _, e := range energies {
			assert.True(t, e >= 50 && e <= 60)
		}
		return nil
	}))
	f, err := hdf5.Open(out)
	require.NoError(t, err)
	defer f.Close()
	content, err := f.Attr("content")
	require.NoError(t, err)
	assert.Equal(t, "showers made by a generative adversarial network; not from Geant4", content)
}

func TestTrainRefuses(t *testing.T) {
	showers := fewShowers(t)
	done := t.TempDir()
	require.NoError(t, short(showers, done).run(t.Context()))
	cut := filepath.Join(t.TempDir(), "cut.h5")
	whole, err := os.ReadFile(showers)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cut, whole[:len(whole)/2], 0o644))
	tests := []struct {
		name   string
		change func(x *training)
		says   string
	}{
		{"no data", func(x *training) { x.data = "" }, "--data is missing"},
		{"missing file", func(x *training) { x.data = "nothing.h5" }, "nothing.h5"},
		{"truncated file", func(x *training) { x.data = cut }, "cut.h5"},
		{"unknown preset", func(x *training) { x.preset = "big" }, `there is no preset "big"`},
		{"negative epochs", func(x *training) { x.epochs = -1 }, "--epochs -1"},
		{"negative batch", func(x *training) { x.batch = -1 }, "--batch -1"},
		{"nothing held back", func(x *training) { x.held = 0 }, "--test 0"},
		{"all held back", func(x *training) { x.held = 28 }, "28 showers, of which 28 are held back"},
		{"negative rate", func(x *training) { x.lr = -1 }, "--lr -1"},
		{"rate that is no number", func(x *training) { x.lr = math.NaN() }, "--lr NaN"},
		{"endless warm-up", func(x *training) { x.warmup = math.Inf(1) }, "--warmup +Inf"},
		{"warm-up that is no number", func(x *training) { x.warmup = math.NaN() }, "--warmup NaN"},
		{"going on with another seed", func(x *training) { x.resume, x.out, x.seed = true, done, 6 }, "is of a training with seed 5, not 6"},
		{"going on with another batch", func(x *training) { x.resume, x.out, x.batch = true, done, 4 }, "is of a training with batch 8, not 4"},
		{"going on for longer while the rate falls", func(x *training) { x.resume, x.out, x.epochs = true, done, 3 }, "with learning rate falling over 2 epochs, not falling over 3 epochs"},
		{"folder that cannot be", func(x *training) { x.out = filepath.Join(showers, "out") }, "not a directory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := short(showers, filepath.Join(t.TempDir(), "out"))
			test.change(x)
			assert.ErrorContains(t, x.run(t.Context()), test.says)
		})
	}
}

// TestNaNInTheData stops a training and names file, dataset and row.
func TestNaNInTheData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nan.h5")
	w, err := hdf5.Create(path, ecalField, source.Field{Name: targetName, Shape: []int{2}})
	require.NoError(t, err)
	cells := make([]float32, 20*shower.Cells)
	target := make([]float32, 40)
	for i := range target {
		target[i] = 100
	}
	zero := float32(0)
	cells[7*shower.Cells+30] = zero / zero
	require.NoError(t, w.Append(ecalField.Name, cells))
	require.NoError(t, w.Append(targetName, target))
	require.NoError(t, w.Close())
	x := short(path, t.TempDir())
	err = x.run(t.Context())
	assert.ErrorContains(t, err, "nan.h5")
	assert.ErrorContains(t, err, "ECAL")
	assert.ErrorContains(t, err, "row 7")
}

func TestGenerateRefuses(t *testing.T) {
	p, err := gan.ByName("small")
	require.NoError(t, err)
	net, err := p.Discriminator()
	require.NoError(t, err)
	dir := t.TempDir()
	wrongNet, wrongPreset := filepath.Join(dir, "disc.safetensors"), filepath.Join(dir, "preset.safetensors")
	require.NoError(t, net.Save(wrongNet, map[string]string{presetKey: "small"}))
	require.NoError(t, net.Save(wrongPreset, nil))
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"no events", []string{"--events", "0"}, "--events 0"},
		{"no batch", []string{"--batch", "0"}, "--batch 0"},
		{"energies out of order", []string{"--emin", "50", "--emax", "10"}, "--emin 50 --emax 10"},
		{"missing model", []string{"--model", "nothing"}, "nothing"},
		{"model of another net", []string{"--model", wrongNet}, `tensor "dense_1/weights"`},
		{"model of no preset", []string{"--model", wrongPreset}, `there is no preset ""`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := runGenerate(t.Context(), io.Discard, append([]string{"--out", filepath.Join(dir, "out.h5")}, test.args...))
			assert.ErrorContains(t, err, test.says)
		})
	}
}

// TestTrainReadsShards trains on the same showers in a shard.
func TestTrainReadsShards(t *testing.T) {
	src, err := openShowers(fewShowers(t))
	require.NoError(t, err)
	defer src.Close()
	path := filepath.Join(t.TempDir(), "showers.shard")
	w, err := shard.Create(path, src.Fields()...)
	require.NoError(t, err)
	var rows source.Columns
	require.NoError(t, src.Read(&rows, source.Range{To: src.Rows()}))
	require.NoError(t, w.AppendColumns(&rows))
	require.NoError(t, w.Close())
	out := t.TempDir()
	require.NoError(t, short(path, out).run(t.Context()))
	assert.FileExists(t, filepath.Join(out, modelFile))
}
