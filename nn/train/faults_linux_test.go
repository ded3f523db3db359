package train_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

// TestATrainingSurvivesItsFaults: whatever happens to a rank, and whenever, the job ends
// with a status other than 0 and says which rank it was and why, its checkpoint is whole,
// and the training goes on from there to the bits that it comes to without the fault. Two
// ranks add up to the same bits over every MPI and in one process.
func TestATrainingSurvivesItsFaults(t *testing.T) {
	want := map[bool]outcome{false: goOn(t, t.TempDir(), 2, false), true: goOn(t, t.TempDir(), 2, true)}
	const silent, full = "has given no sign of life for 3s", "no space left on device"
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for _, test := range []struct {
			fault string
			says  []string
		}{
			{"1,first,kill", []string{"signal 9"}},
			{"0,middle,kill", []string{"signal 9"}},
			{"0,checkpoint,kill", []string{"signal 9"}},
			{"1,end,kill", []string{"signal 9"}},
			{"0,middle,stop", []string{"rank 0 (", silent}},
			{"1,checkpoint,stop", []string{"rank 1 (", silent}},
			{"1,last,stop", []string{"rank 1 (", silent}},
			{"1,first,term", []string{"interrupted", "holds all that was done"}},
			{"all,middle,term", []string{"interrupted", "holds all that was done"}},
			{"0,checkpoint,term", []string{"interrupted", "holds all that was done"}},
			{"0,first,full", []string{"rank 0", full}},
			{"0,checkpoint,full", []string{"rank 0", full}},
			{"0,last,full", []string{"rank 0", full}},
			{"1,middle,nan", []string{"dist: rank 1 of 2 ends all: train: epoch 2, step 3: ", `the metric "loss" is NaN`}},
		} {
			t.Run(test.fault, func(t *testing.T) {
				t.Parallel()
				dir := smallDisk(t)
				begin := time.Now()
				out, err := l.Job(t, 2, "train", "CASCADE_TEST_DIR="+dir, "CASCADE_TEST_FAULT="+test.fault, "CASCADE_DIST_HEARTBEAT=200ms")
				var exit *exec.ExitError
				require.True(t, errors.As(err, &exit), "%v: %s", err, out)
				assert.Less(t, time.Since(begin), 25*time.Second)
				for _, s := range test.says {
					assert.Contains(t, out, s)
				}
				large := strings.Contains(test.fault, "checkpoint")
				same(t, want[large], goOn(t, dir, 2, large))
			})
		}
	})
}

// smallDisk is a directory with room for two checkpoints and a bit more. It takes
// the right to make one.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=40m"); err != nil {
		t.Skipf("a small file system needs root: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, 0)) })
	return dir
}

// TestWeightsThatDifferEndAJob with the rank.
func TestWeightsThatDifferEndAJob(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		dir := t.TempDir()
		out, err := l.Job(t, 2, "train", "CASCADE_TEST_DIR="+dir, "CASCADE_TEST_FAULT=1,middle,diverge")
		require.Error(t, err, out)
		assert.Contains(t, out, "the ranks have different weights: those of ranks [1] are not those of rank 0")
		_, err = os.Stat(filepath.Join(dir, checkpointName))
		require.NoError(t, err)
	})
}
