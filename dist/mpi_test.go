package dist

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

var roles = map[string]func() error{"checks": allChecks, "abort": abortOne, "dead": dieInInit, "faults": faulty, "long": longSums}

func TestMain(m *testing.M) { mpijob.Main(m, roles) }

func allChecks() error {
	c, err := Init()
	if err != nil {
		return err
	}
	passAll(c)
	if c.Rank() == 0 {
		fmt.Println(c)
	}
	return c.Close()
}

// passAll is what every backend must pass, and that starts and waits allocate nothing.
func passAll(c *Comm) {
	for _, name := range []string{"float32", "float64", "int64", "bfloat16", "bytes", "requests", "split", "mistakes"} {
		if err := checks[name](c); err != nil {
			c.Abort(3, name+": "+err.Error())
		}
	}
}

func TestMPIPassesTheSameChecks(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for _, ranks := range []int{1, 2, 3} {
			out, err := l.Job(t, ranks, "checks")
			require.NoError(t, err, out)
			assert.Contains(t, out, fmt.Sprintf("rank 0 of %d on ", ranks))
			if ranks > 1 {
				assert.Contains(t, out, l.Name)
			} else {
				assert.Contains(t, out, "a process of its own")
			}
		}
	})
}

// TestInitWithoutALauncher is alone, or on the MPI that is named.
func TestInitWithoutALauncher(t *testing.T) {
	out, err := mpijob.Alone(t, "checks")
	require.NoError(t, err, out)
	assert.Contains(t, out, "rank 0 of 1 on a process of its own")
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := mpijob.Alone(t, "checks", "CASCADE_LIBMPI="+l.Library)
		require.NoError(t, err, out)
		assert.Contains(t, out, l.Name)
	})
	out, err = mpijob.Alone(t, "checks", "CASCADE_LIBMPI=/nonexistent/libmpi.so")
	require.Error(t, err)
	assert.Contains(t, out, "no usable MPI: CASCADE_LIBMPI=/nonexistent/libmpi.so")
}

// TestRanksWithoutAnMPIStop instead of training the same thing several times.
func TestRanksWithoutAnMPIStop(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 2, "checks", "CASCADE_LIBMPI=/nonexistent/libmpi.so")
		require.Error(t, err)
		assert.Contains(t, out, "no usable MPI: launched as rank ")
		assert.Contains(t, out, "install the MPI of that launcher, or name its library in CASCADE_LIBMPI")
	})
	out, err := mpijob.Alone(t, "checks", "SLURM_PROCID=1", "SLURM_STEP_NUM_TASKS=4", "CASCADE_LIBMPI=/nonexistent/libmpi.so")
	require.Error(t, err)
	assert.Contains(t, out, "launched as rank 1 of 4 of srun")
}

// TestALauncherThatTheLibraryDoesNotKnow: srun says four, and MPI finds itself alone.
func TestALauncherThatTheLibraryDoesNotKnow(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := mpijob.Alone(t, "checks", "SLURM_PROCID=0", "SLURM_STEP_NUM_TASKS=4", "CASCADE_LIBMPI="+l.Library)
		require.Error(t, err, out)
		assert.Contains(t, out, "no usable MPI: launched as rank 0 of 4 of srun")
	})
}

// TestALibraryOfAnotherFamilyThanTheLauncherIsRefused: under it every process is alone.
func TestALibraryOfAnotherFamilyThanTheLauncherIsRefused(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		for _, other := range mpijob.Installed {
			if other.Name == l.Name || !other.There() {
				continue
			}
			out, err := l.Job(t, 2, "checks", "CASCADE_LIBMPI="+other.Library)
			require.Error(t, err)
			assert.Contains(t, out, "no usable MPI: launched as rank ")
			assert.Contains(t, out, other.Name)
			assert.Contains(t, out, "knows of 1 of them: launcher and library do not belong together")
		}
	})
}

func abortOne() error {
	c, err := Init()
	if err != nil {
		return err
	}
	if c.Rank() == 1 {
		c.Abort(9, "the disk is full")
	}
	return Allreduce(c, make([]float32, 1000), Sum)
}

func TestAbortEndsAllRanksWithTheReason(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		begin := time.Now()
		out, err := l.Job(t, 3, "abort")
		var exit *exec.ExitError
		require.True(t, errors.As(err, &exit), out)
		assert.Equal(t, 9, exit.ExitCode(), out)
		assert.Contains(t, out, "dist: rank 1 of 3 ends all: the disk is full")
		assert.Less(t, time.Since(begin), 30*time.Second)
	})
}

// dieInInit ends a rank that the others wait for.
func dieInInit() error {
	c, err := Init()
	if err != nil {
		return err
	}
	if c.Rank() == 1 {
		os.Exit(4)
	}
	return c.Barrier()
}

func TestARankThatExitsEndsTheJob(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 3, "dead")
		require.Error(t, err, out)
	})
}

func TestLaunchersAreKnownByTheirEnvironment(t *testing.T) {
	for _, test := range []struct {
		env  string
		want string
	}{
		{"", ""},
		{"OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_SIZE=8", "rank 3 of 8 of mpirun of Open MPI"},
		{"OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1", ""},
		{"PMI_RANK=1 PMI_SIZE=2 SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2", "rank 1 of 2 of mpiexec of MPICH or Intel MPI"},
		{"SLURM_PROCID=0 SLURM_NTASKS=4 SLURM_JOB_ID=7", ""}, // a program in a batch script
		{"SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4", "rank 2 of 4 of srun"},
		{"PMI_RANK=x PMI_SIZE=2", ""},
	} {
		got, ok := launched(func(name string) string {
			for _, v := range strings.Fields(test.env) {
				if value, found := strings.CutPrefix(v, name+"="); found {
					return value
				}
			}
			return ""
		})
		assert.Equal(t, test.want != "", ok, test.env)
		if ok {
			assert.Equal(t, test.want, got.String())
		}
	}
}
