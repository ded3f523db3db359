package mpi

import (
	"errors"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"github.com/cascade-hpc/cascade/internal/mpijob"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOperationsAreExactOnEveryNumberOfRanks(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for ranks := 1; ranks <= 3; ranks++ {
			out, err := l.Job(t, ranks, "operations")
			require.NoError(t, err, "%d ranks: %s", ranks, out)
			assert.Contains(t, out, l.Name)
			assert.Contains(t, out, abis[l.Name].String()+", MPI_THREAD_")
		}
	})
}

func TestALibraryStartsWithoutALauncher(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := mpijob.Alone(t, "operations", "CASCADE_LIBMPI="+l.Library)
		require.NoError(t, err, "%s", out)
		assert.Contains(t, out, l.Name)
	})
}

func TestErrorsOfMPIComeBack(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 2, "refused")
		require.NoError(t, err, "%s", out)
	})
}

// joined starts MPI twice, as a program with MPI of its own would, and a third time
// after its end.
func joined() error {
	lib, err := Open("")
	if err != nil {
		return err
	}
	host, err := Open("")
	if err != nil {
		return err
	}
	if _, err := host.Init(Multiple); err != nil {
		return err
	}
	world, err := lib.Init(Funneled)
	if err != nil {
		return err
	}
	if got := lib.Version().Threads; got != Multiple {
		return fmt.Errorf("found %v, expected what the host has", got)
	}
	if err := lib.Finalize(); err != nil {
		return err
	}
	if err := world.Barrier(); !errors.Is(err, ErrFinalized) {
		return fmt.Errorf("found %v of a communicator after Finalize", err)
	}
	if err := host.Finalize(); err != nil {
		return fmt.Errorf("the host's MPI has ended with the guest: %w", err)
	}
	if _, err := host.Init(Funneled); !errors.Is(err, ErrFinalized) {
		return fmt.Errorf("found %v of Init after Finalize", err)
	}
	return nil
}

func TestMPIThatTheProgramHasStartedIsUsedAndLeftRunning(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 2, "joined")
		require.NoError(t, err, "%s", out)
	})
}

// abortOne ends the job from rank 1 while the others wait for it.
func abortOne() error {
	return with(func(l *Library, c *Comm) error {
		if c.Rank() == 1 {
			return l.Abort(7)
		}
		return c.Barrier()
	})
}

func TestAbortEndsAllRanks(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		begun := time.Now()
		out, err := l.Job(t, 3, "abort")
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit, "%s", out)
		assert.Equal(t, 7, exit.ExitCode(), "%s", out)
		assert.Less(t, time.Since(begun), 30*time.Second)
	})
}

func TestAbortBeforeInitIsAnError(t *testing.T) {
	assert.ErrorContains(t, (&Library{}).Abort(1), "MPI does not run")
}
