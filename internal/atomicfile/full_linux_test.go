package atomicfile

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limited names the file that the child process of TestFileSizeLimit writes.
const limited = "ATOMICFILE_TEST_LIMITED"

// TestFileSizeLimit writes more than the process may: the kernel refuses in the
// middle of a write, as it does when a disk or a quota is full. The limit is of
// the whole process, so the test runs itself again as a child.
func TestFileSizeLimit(t *testing.T) {
	if path := os.Getenv(limited); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: bufferSize + 100, Max: bufferSize + 100}
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit))
		err := Write(path, fill(4*bufferSize))
		assert.ErrorIs(t, err, syscall.EFBIG)
		assert.ErrorContains(t, err, path+": write")
		return
	}
	path := existing(t)
	child := exec.Command(os.Args[0], "-test.run=^TestFileSizeLimit$")
	child.Env = append(os.Environ(), limited+"="+path)
	out, err := child.CombinedOutput()
	require.NoError(t, err, "%s", out)
	alone(t, path, old)
}

// TestDiskFull fills a file system of 64 KiB. Only root may mount one.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	path := filepath.Join(dir, "model.safetensors")
	require.NoError(t, os.WriteFile(path, []byte(old), 0o644))
	tests := map[string]int{
		"full in the last flush":        bufferSize / 2,
		"full in the middle of a write": 2 * bufferSize,
	}
	for name, n := range tests {
		t.Run(name, func(t *testing.T) {
			err := Write(path, fill(n))
			assert.ErrorIs(t, err, syscall.ENOSPC)
			assert.ErrorContains(t, err, path+": write")
			alone(t, path, old)
		})
	}
}

// TestIgnoredWriteError: a caller that ignores the error of Write cannot commit.
func TestIgnoredWriteError(t *testing.T) {
	path := existing(t)
	f, err := Create(path)
	require.NoError(t, err)
	require.NoError(t, f.file.Close())
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no /dev/full")
	}
	require.NoError(t, err)
	f.file = full
	f.buffer.Reset(full)
	fill(2 * bufferSize)(f)
	assert.ErrorIs(t, f.Commit(), syscall.ENOSPC)
	alone(t, path, old)
}
