package recipetest

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/cli"
	"github.com/cascade-hpc/cascade/internal/mpijob"
)

// Role is what ranks of the command are called under a launcher.
const Role = "recipe"

// Interrupted trains on two ranks with these arguments until there is a checkpoint, and
// sends SIGTERM to one of them. All must end with the status that brings them back, and
// say once how to go on.
func Interrupted(t *testing.T, l mpijob.Launcher, checkpoint, arguments string) {
	t.Helper()
	pids := t.TempDir()
	var out strings.Builder
	cmd := l.Start(t.Context(), t, 2, Role, Arguments(arguments), pidsVariable+"="+pids)
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		_, err := os.Stat(checkpoint)
		return err == nil
	}, time.Minute, time.Millisecond)
	ranks, err := os.ReadDir(pids)
	require.NoError(t, err)
	require.Len(t, ranks, 2)
	pid, err := strconv.Atoi(ranks[1].Name())
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGTERM))
	require.Error(t, cmd.Wait())
	require.Equal(t, cli.StatusRequeue, cmd.ProcessState.ExitCode(), out.String())
	assert.Equal(t, 1, strings.Count(out.String(), "add --resume to the same command"), out.String())
}
