// Package slurm tests the job scripts of this folder with commands that stand in for the
// queue's. try-slurm runs them in a queue of Slurm.
package slurm

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// job is a job of a queue: a checkout, and the environment of a script.
type job struct {
	dir    string // the checkout, and where the job was submitted
	record string // what the stand-ins were called with
	env    []string
}

func newJob(t *testing.T, env ...string) *job {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash here")
	}
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "recipes"), 0o777))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bin"), 0o777))
	require.NoError(t, os.Symlink(here, filepath.Join(dir, "recipes", "slurm")))
	require.NoError(t, os.Symlink(filepath.Join(here, "testdata", "calogan"), filepath.Join(dir, "bin", "calogan")))
	j := &job{dir: dir, record: filepath.Join(dir, "record")}
	path := filepath.Join(here, "testdata", "bin") + ":" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH")
	j.env = append([]string{"HOME=" + dir, "PATH=" + path, "RECORD=" + j.record, "STATUS=0"}, env...)
	return j
}

// run runs a script, with arguments as the queue would, and returns its exit status and
// what it prints.
func (j *job) run(t *testing.T, script string, args ...string) (int, string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "bash", append([]string{filepath.Join(j.dir, "recipes", "slurm", script)}, args...)...)
	c.Dir, c.Env = j.dir, j.env
	out, err := c.CombinedOutput()
	if err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError), "%s", out)
	}
	return c.ProcessState.ExitCode(), string(out)
}

// calls are the lines of the record that begin with name, sorted: ranks are not in order.
func (j *job) calls(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(j.record)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	var lines []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, name+" ") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	slices.Sort(lines)
	return lines
}
