package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/recipetest"
	"github.com/cascade-hpc/cascade/recipes/internal/runlog"
)

func TestMain(m *testing.M) { recipetest.Main(m, program.Main) }

// crew is a short training on ranks in this process, whose batches together are 6.
func crew(data, out string, n int) *training {
	x := short(data, out)
	x.batch, x.ranks.N = 6/n, n
	return x
}

// losses are what the log says, but for the columns that tell the time.
func losses(t *testing.T, dir string) (rows [][]string) {
	l, err := runlog.Read(filepath.Join(dir, logFile))
	require.NoError(t, err)
	for _, row := range l.Cells {
		rows = append(rows, row[:len(row)-3])
	}
	return rows
}

func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	recipetest.SameFiles(t, a, b, modelFile, checkpointFile)
}

// interrupted trains until there is a checkpoint, in the first epoch as a rule.
func interrupted(t *testing.T, x *training) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	x.every = time.Nanosecond // a checkpoint ahead of every step
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(x.file(checkpointFile)); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	err := x.run(ctx)
	require.ErrorIs(t, err, train.ErrInterrupted)
	assert.Equal(t, 1, strings.Count(err.Error(), "add --resume to the same command"), "rank 0 says it for all: %v", err)
}

// TestRanksGoOn: as many as before come to the same bits as a training in one go, and
// other numbers go on as well, with batches that are together as large.
func TestRanksGoOn(t *testing.T) {
	showers, whole := fewShowers(t), t.TempDir()
	require.NoError(t, crew(showers, whole, 2).run(t.Context()))
	for _, next := range []int{2, 3, 1} {
		dir := t.TempDir()
		interrupted(t, crew(showers, dir, 2))
		x := crew(showers, dir, next)
		x.resume = true
		require.NoError(t, x.run(t.Context()), "%d ranks", next)
		got, want := losses(t, dir), losses(t, whole)
		require.Len(t, got, len(want))
		if next == 2 {
			sameFiles(t, whole, dir)
			assert.Equal(t, want, got)
		}
	}
}

func TestRanksRefuse(t *testing.T) {
	showers, done := fewShowers(t), t.TempDir()
	require.NoError(t, crew(showers, done, 2).run(t.Context()))
	for _, test := range []struct {
		name   string
		change func(x *training)
		says   string
	}{
		{"going on with more of the same batch", func(x *training) { x.resume, x.out, x.batch = true, done, 6 }, "is of a training with batch 6, not 18"},
		{"a batch of more than all showers", func(x *training) { x.batch = 9 }, "too few are left for a batch of 9 on 3 ranks"},
		{"no data", func(x *training) { x.data = "/nonexistent.h5" }, "/nonexistent.h5"},
		{"a folder that cannot be", func(x *training) { x.out = filepath.Join(showers, "out") }, "not a directory"},
		{"fewer than none", func(x *training) { x.ranks.N = -1 }, "--ranks -1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := crew(showers, t.TempDir(), 3)
			test.change(x)
			err := x.run(t.Context())
			require.ErrorContains(t, err, test.says)
			assert.Equal(t, 1, strings.Count(err.Error(), test.says), "one rank says it: %v", err)
		})
	}
}

// TestLearningRatesGrowWithTheBatch of all ranks, from the preset's on.
func TestLearningRatesGrowWithTheBatch(t *testing.T) {
	showers := fewShowers(t)
	plain, scaled := t.TempDir(), t.TempDir()
	x := crew(showers, plain, 2)
	require.NoError(t, x.run(t.Context()))
	x = crew(showers, scaled, 2)
	x.scaleLR = true // 6 of 32, at once
	require.NoError(t, x.run(t.Context()))
	assert.NotEqual(t, losses(t, plain), losses(t, scaled))
	x.resume, x.scaleLR = true, false
	assert.ErrorContains(t, x.run(t.Context()), "is of a training with learning rate falling over 2 epochs, scaled after 0 epochs, not falling over 2 epochs")
}

// TestMPITrainsLikeRanksInOneProcess: to the bit, for two ranks; and a signal to one of
// them in mid-step ends all with the status that brings them back.
func TestMPITrainsLikeRanksInOneProcess(t *testing.T) {
	showers, whole := fewShowers(t), t.TempDir()
	x := crew(showers, whole, 2)
	x.epochs = 8
	require.NoError(t, x.run(t.Context()))
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		dir := t.TempDir()
		args := "train --threads 1 --seed 5 --test 4 --batch 3 --epochs 8 --data " + showers + " --out " + dir
		recipetest.Interrupted(t, l, filepath.Join(dir, checkpointFile), args)

		again, err := l.Job(t, 2, recipetest.Role, recipetest.Arguments(args+" --resume"))
		require.NoError(t, err, again)
		assert.Contains(t, again, "going on from ")
		assert.Contains(t, again, "gradients of the generator, 2 times a step: ")
		assert.Equal(t, losses(t, whole), losses(t, dir))
		sameFiles(t, whole, dir)
	})
}

// TestRanksOfALaunchCannotBeMultiplied is told once.
func TestRanksOfALaunchCannotBeMultiplied(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 2, recipetest.Role, recipetest.Arguments("train --ranks 2 --data x.h5 --out "+t.TempDir()))
		require.Error(t, err)
		assert.Equal(t, 1, strings.Count(out, "--ranks 2 in each of 2 processes"), out)
	})
}
