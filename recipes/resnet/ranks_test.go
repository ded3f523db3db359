package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
	"github.com/cascade-hpc/cascade/nn/ensemble"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/ranks"
	"github.com/cascade-hpc/cascade/recipes/internal/recipetest"
	"github.com/cascade-hpc/cascade/recipes/internal/runlog"
)

// crew is a short training on ranks in this process, whose batches together are 6.
func crew(data, out string, n int) *training {
	x := short(data, out)
	x.batch, x.crew.N, x.crew.SyncNorm = 6/n, n, true
	return x
}

// sameCourse compares what logs say but for the time: numbers to a share of them.
func sameCourse(t *testing.T, want, got string, share float64) {
	t.Helper()
	a, err := runlog.Read(filepath.Join(want, logFile))
	require.NoError(t, err)
	b, err := runlog.Read(filepath.Join(got, logFile))
	require.NoError(t, err)
	require.Equal(t, a.Names(), b.Names())
	require.Len(t, b.Cells, len(a.Cells))
	for i, row := range a.Cells {
		for k, cell := range row[:len(row)-3] {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil || x == 0 {
				assert.Equal(t, cell, b.Cells[i][k], "%s in row %d", a.Names()[k], i)
				continue
			}
			y, err := strconv.ParseFloat(b.Cells[i][k], 64)
			require.NoError(t, err)
			assert.InEpsilon(t, x, y, share, "%s in row %d", a.Names()[k], i)
		}
	}
}

// Shares of a batch, normalised together, have the losses, tests and members of the whole
// batch on one rank: they see the same images, moved in the same way.
func TestRanksTrainLikeOne(t *testing.T) {
	data, alone := quadrants(t), t.TempDir()
	require.NoError(t, crew(data, alone, 1).run(t.Context(), io.Discard))
	one, err := ensemble.Open(filepath.Join(alone, ensembleDir))
	require.NoError(t, err)
	for _, n := range []int{2, 3} {
		dir := t.TempDir()
		var out strings.Builder
		require.NoError(t, crew(data, dir, n).run(t.Context(), &out))
		sameCourse(t, alone, dir, 5e-3)
		assert.Contains(t, out.String(), "collapsed, batch 6, epochs 4, members 2, peaks of 1, learning rate 0.05, weight decay 0.0001; sgd")
		assert.Equal(t, 1, strings.Count(out.String(), fmt.Sprintf("%d ranks, with %d images of each batch", n, 6/n)), out.String())
		assert.Equal(t, 1, strings.Count(out.String(), "gradients: "))
		many, err := ensemble.Open(filepath.Join(dir, ensembleDir))
		require.NoError(t, err)
		assert.Equal(t, one.About(), many.About())
		require.Len(t, many.Members(), len(one.Members()))
		for i, m := range one.Members() {
			assert.Equal(t, m.Name, many.Members()[i].Name)
			assert.InEpsilon(t, m.Metrics["loss"], many.Members()[i].Metrics["loss"], 5e-3)
		}
	}
}

// flood is a countdown for several ranks.
type flood struct {
	context.Context
	left atomic.Int64
}

func (c *flood) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// Ranks that are interrupted again and again, in steps, tests and at the ends of phases,
// come to the bits of ranks that are not.
func TestRanksThatAreInterruptedComeToTheSameBits(t *testing.T) {
	data, whole, parts := quadrants(t), t.TempDir(), t.TempDir()
	start := func(out string) *training {
		x := crew(data, out, 2)
		x.name, x.members = "swa", 0
		return x
	}
	require.NoError(t, start(whole).run(t.Context(), io.Discard))
	stopped := 0
	for {
		x := start(parts)
		_, err := os.Stat(x.file(checkpointFile))
		x.resume = err == nil
		ctx := &flood{Context: t.Context()}
		ctx.left.Store(int64(10 + stopped))
		err = x.run(ctx, io.Discard)
		if err == nil {
			break
		}
		require.ErrorIs(t, err, train.ErrInterrupted)
		assert.Equal(t, 1, strings.Count(err.Error(), "add --resume to the same command"), "rank 0 says it for all: %v", err)
		stopped++
	}
	assert.Greater(t, stopped, 3)
	sameFiles(t, whole, parts)
}

// Out of a checkpoint of two ranks three go on, or one, with the images that come next.
func TestOtherNumbersOfRanksGoOn(t *testing.T) {
	data, whole := quadrants(t), t.TempDir()
	require.NoError(t, crew(data, whole, 2).run(t.Context(), io.Discard))
	for _, n := range []int{3, 1} {
		dir := t.TempDir()
		ctx := &flood{Context: t.Context()}
		ctx.left.Store(30)
		require.ErrorIs(t, crew(data, dir, 2).run(ctx, io.Discard), train.ErrInterrupted)
		x := crew(data, dir, n)
		x.resume = true
		require.NoError(t, x.run(t.Context(), io.Discard))
		sameCourse(t, whole, dir, 5e-3)
	}
}

func TestRanksEndTogether(t *testing.T) {
	data, done, full := quadrants(t), t.TempDir(), t.TempDir()
	require.NoError(t, crew(data, done, 2).run(t.Context(), io.Discard))
	require.NoError(t, os.MkdirAll(filepath.Join(full, ensembleDir, "1.safetensors", "x"), 0o777))
	for _, test := range []struct {
		name   string
		change func(x *training)
		says   string
	}{
		{"going on with more of the same batch", func(x *training) { x.resume, x.out, x.batch = true, done, 6 }, "is of a training with course collapsed, batch 6"},
		{"fewer images than a batch", func(x *training) { x.batch = 23 }, "44 rows are too few for a batch of 23 on 2 ranks"},
		{"a member that cannot be written", func(x *training) { x.out = full }, "member \"1\": atomicfile"},
		{"a folder that cannot be", func(x *training) { x.out = filepath.Join(data, "train.h5", "out") }, "not a directory"},
		{"fewer than none", func(x *training) { x.crew.N = -1 }, "--ranks -1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := crew(data, t.TempDir(), 2)
			test.change(x)
			err := x.run(t.Context(), io.Discard)
			require.ErrorContains(t, err, test.says)
			assert.Equal(t, 1, strings.Count(err.Error(), test.says), "one rank says it: %v", err)
		})
	}
}

// A rank that cannot read an image for the statistics of a mean does not leave the others
// in the sum of its gradient.
func TestStatisticsOfAMeanEndTogether(t *testing.T) {
	x := crew(quadrants(t), t.TempDir(), 2)
	require.NoError(t, x.check())
	err := x.crew.Run(func(r *ranks.Rank) error {
		s, err := x.begin(t.Context(), r)
		if err := ranks.Agree(r.Comm, err); err != nil {
			return err
		}
		defer s.close()
		if err := s.join(); err != nil {
			return err
		}
		if !r.Leads() {
			require.NoError(t, s.feed.Close())
		}
		err = s.reestimate(t.Context())
		if r.Leads() {
			assert.ErrorContains(t, err, "statistics of the mean: said by another process: a rank has left: rank 1 failed")
		}
		return err
	})
	require.ErrorContains(t, err, "closed")
}

// The usual learning rate is in proportion to the images of all ranks in an update.
func TestTheUsualRateFollowsTheRanks(t *testing.T) {
	data := quadrants(t)
	for n, says := range map[int]string{1: "batch 4, epochs 1, members 2, peaks of 1, learning rate 0.00625", 2: "batch 8, epochs 1, members 2, peaks of 1, learning rate 0.0125"} {
		x := short(data, t.TempDir())
		x.epochs, x.batch, x.lr, x.crew.N = 1, 4, 0, n
		var out strings.Builder
		require.NoError(t, x.run(t.Context(), &out))
		assert.Contains(t, out.String(), says)
	}
}

// Ranks of MPI come to the bits of ranks in one process, for two of them, though one of
// them gets a signal in mid-step: all end with the status that brings them back. Three, or
// one, go on from there to what these would have come to, but for rounding.
func TestMPITrainsLikeRanksInOneProcess(t *testing.T) {
	data, whole := quadrants(t), t.TempDir()
	require.NoError(t, crew(data, whole, 2).run(t.Context(), io.Discard))
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		dir := t.TempDir()
		args := func(dir string, n int) string {
			return fmt.Sprintf("train --data %s --out %s --arch resnet8 --seed 5 --no-flip --pad 1 --epochs 4 --batch %d --lr 0.05 --weight-decay 1e-4 --members 2 --optimizer sgd --sync-batchnorm --threads 1", data, dir, 6/n)
		}
		recipetest.Interrupted(t, l, filepath.Join(dir, checkpointFile), args(dir, 2))

		for _, n := range []int{3, 1, 2} {
			going := t.TempDir()
			require.NoError(t, os.CopyFS(going, os.DirFS(dir)))
			again, err := l.Job(t, n, recipetest.Role, recipetest.Arguments(args(going, n)+" --resume"))
			require.NoError(t, err, again)
			assert.Contains(t, again, "going on from ")
			sameCourse(t, whole, going, 5e-3)
			if n == 2 {
				sameFiles(t, whole, going)
			}
		}
	})
}
