package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
	"github.com/cascade-hpc/cascade/nn/train"
	"github.com/cascade-hpc/cascade/recipes/internal/recipetest"
)

func TestMain(m *testing.M) { recipetest.Main(m, program.Main) }

// crew is a short training on ranks in this process, whose batches together are 6.
func crew(data, out string, n int) *training {
	x := short(data, out)
	x.batch, x.crew.N, x.crew.SyncNorm = 6/n, n, true
	return x
}

// sameCourse compares numbers of logs.
func sameCourse(t *testing.T, want, got *training) {
	t.Helper()
	a, b := logged(t, want.file(logFile)), logged(t, got.file(logFile))
	require.Len(t, b, len(a))
	require.Equal(t, a[0], b[0])
	for i, row := range a[1:] {
		for k, cell := range row {
			x, err := strconv.ParseFloat(cell, 64)
			require.NoError(t, err)
			y, err := strconv.ParseFloat(b[i+1][k], 64)
			require.NoError(t, err)
			most := 0.02 * x
			if strings.Contains(a[0][k], "AUROC") {
				most = 0.05 // two of a few images whose order changes
			}
			assert.InDelta(t, x, y, most, "%s in row %d", a[0][k], i)
		}
	}
}

// Shares of a batch, normalised together, have the losses and areas of the whole batch on
// one rank, also where other ranks go on with the training.
func TestRanksTrainLikeOne(t *testing.T) {
	data := filepath.Join(converted(t, made(t, 20, 32), 32), trainValFile)
	alone := crew(data, t.TempDir(), 1)
	require.NoError(t, alone.run(t.Context()))
	for _, n := range []int{2, 3} {
		var out bytes.Buffer
		x := crew(data, t.TempDir(), n)
		x.stdout = &out
		require.NoError(t, x.run(t.Context()))
		sameCourse(t, alone, x)
		assert.FileExists(t, x.file(modelFile))
		assert.Equal(t, 1, strings.Count(out.String(), fmt.Sprintf("%d ranks, with %d images of each batch of 6", n, 6/n)), out.String())
		assert.Equal(t, 1, strings.Count(out.String(), "gradients: "))

		y := crew(data, t.TempDir(), 2)
		require.ErrorIs(t, y.run(&flood{Context: t.Context()}), train.ErrInterrupted)
		y.resume, y.crew.N, y.batch = true, n, 6/n
		require.NoError(t, y.run(t.Context()))
		sameCourse(t, alone, y)
		y.batch++
		assert.ErrorContains(t, y.run(t.Context()), fmt.Sprintf("with batch 6, not %d", 6+n))
	}
}

// flood is a countdown for several ranks.
type flood struct {
	context.Context
	asked atomic.Int64
}

func (c *flood) Err() error {
	if c.asked.Add(1) > 6 {
		return context.Canceled
	}
	return nil
}

func TestMPITrainsLikeRanksInOneProcess(t *testing.T) {
	data := filepath.Join(converted(t, made(t, 20, 32), 32), trainValFile)
	local := crew(data, t.TempDir(), 2)
	require.NoError(t, local.run(t.Context()))
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		dir := t.TempDir()
		out, err := l.Job(t, 2, recipetest.Role, recipetest.Arguments(fmt.Sprintf(
			"train --data %s --out %s --arch small --epochs 2 --batch 3 --validation 0.2 --seed 5 --sync-batchnorm --threads 1", data, dir)))
		require.NoError(t, err, out)
		recipetest.SameFiles(t, local.out, dir, checkpointFile)
	})
}
