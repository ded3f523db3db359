package data

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/cascade-hpc/cascade/data/source"
)

// To open a pipe waits until somebody writes, which may be never.
func TestAPipeIsRefusedAndNotWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.h5")
	require.NoError(t, unix.Mkfifo(path, 0o600))
	_, err := Open(path).Fields("x").Batch(1, Drop).Loader()
	require.ErrorIs(t, err, source.ErrFormat)
	assert.ErrorContains(t, err, "not a regular file")
}
