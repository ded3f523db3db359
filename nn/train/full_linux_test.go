package train_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDiskFills saves to a file system that is too small: the checkpoint before stays
// whole.
func TestDiskFills(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24k"); err != nil {
		t.Skipf("a small file system needs root: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, 0)) })
	path := filepath.Join(dir, "checkpoint.safetensors")
	k := newTask(t)
	require.NoError(t, k.state.Save(path))
	whole, err := os.ReadFile(path)
	require.NoError(t, err)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "other"), make([]byte, 24<<10-len(whole)-4096), 0o644))
	k.state.Position.Epoch = 1
	err = k.state.Save(path)
	require.ErrorIs(t, err, syscall.ENOSPC)
	assert.ErrorContains(t, err, path)
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, whole, kept)
}
