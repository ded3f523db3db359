package train_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
	"github.com/cascade-hpc/cascade/internal/safetensors"
)

const (
	withNorm = "CASCADE_TEST_NORM=1"
	within   = "CASCADE_TEST_DIR="
)

// inOneProcess trains ranks in this process, with synchronised batch normalisation.
func inOneProcess(t *testing.T, ranks int) outcome {
	t.Helper()
	k := job(t.TempDir(), ranks)
	k.norm = true
	require.NoError(t, k.run(t))
	return left(t, k.dir)
}

// like says that two trainings differ by the rounding of sums alone: those over ranks are
// in another order, and 20 steps of rates near 0.05 add up such differences.
func like(t *testing.T, want, got outcome) {
	t.Helper()
	require.Len(t, got.log, len(want.log))
	for i := range want.log[1:] {
		assert.InDelta(t, lossOf(t, want.log[i+1]), lossOf(t, got.log[i+1]), 1e-6)
	}
	a, b := want.tensors(t), got.tensors(t)
	require.Len(t, b, len(a))
	for name, w := range a {
		assert.InDeltaSlice(t, w, b[name], 1e-5, name)
	}
}

// tensors are weights, statistics and what the optimizer keeps.
func (o outcome) tensors(t *testing.T) map[string][]float32 {
	t.Helper()
	f, err := safetensors.NewFile(checkpointName, bytes.NewReader(o.checkpoint), int64(len(o.checkpoint)))
	require.NoError(t, err)
	all := map[string][]float32{}
	for _, info := range f.Tensors() {
		all[info.Name], err = safetensors.Load[float32](f, info.Name)
		require.NoError(t, err)
	}
	require.Greater(t, len(all), 10)
	return all
}

// TestMPITrainsLikeOneProcess: two ranks with half the batch each, and three with a third,
// come to the losses, weights and statistics of one process with all of it, but for
// rounding. Two ranks add up in one order only, so that under any MPI they give the bits
// of two goroutines.
func TestMPITrainsLikeOneProcess(t *testing.T) {
	alone, two := inOneProcess(t, 1), inOneProcess(t, 2)
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for _, ranks := range []int{2, 3} {
			t.Run(fmt.Sprint(ranks), func(t *testing.T) {
				dir := t.TempDir()
				out, err := l.Job(t, ranks, "train", within+dir, withNorm)
				require.NoError(t, err, out)
				got := left(t, dir)
				like(t, alone, got)
				if ranks == 2 {
					same(t, two, got)
				}
			})
		}
	})
}

// TestAnyNumberOfMPIRanksGoesOn: two ranks are warned, three go on and are warned, one
// trains to the end, and it comes to what one process comes to.
func TestAnyNumberOfMPIRanksGoesOn(t *testing.T) {
	alone := inOneProcess(t, 1)
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		dir := t.TempDir()
		for _, part := range []struct {
			ranks int
			fault string
		}{{2, "1,middle,term"}, {3, "2,later,term"}} {
			out, err := l.Job(t, part.ranks, "train", within+dir, withNorm, "CASCADE_TEST_FAULT="+part.fault)
			require.Error(t, err, out)
			require.Contains(t, out, "holds all that was done")
		}
		out, err := l.Job(t, 1, "train", within+dir, withNorm)
		require.NoError(t, err, out)
		like(t, alone, left(t, dir))
	})
}
