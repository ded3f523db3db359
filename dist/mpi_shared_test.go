package dist

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

// TestMPIWithoutSharedMemoryPassesTheSameChecks, too.
func TestMPIWithoutSharedMemoryPassesTheSameChecks(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 2, "checks", sharedVariable+"=0")
		require.NoError(t, err, out)
	})
}

// longSums sums lengths at which MPI takes over, and back.
func longSums() error {
	c, err := Init()
	if err != nil {
		return err
	}
	if c.t.(*mpiGroup).shared == nil && runtime.GOOS == "linux" {
		return fmt.Errorf("%v shares no memory", c)
	}
	for _, bytes := range []int{4, 8 << 10, 8<<10 + 4, mpiFrom - 4, mpiFrom, 512 << 10, mpiTo - 4, mpiTo} {
		x := make([]float32, bytes/4)
		for i := range x {
			x[i] = float32((i + c.Rank()) % 1000)
		}
		if err := Allreduce(c, x, Sum); err != nil {
			return err
		}
		for i, got := range x {
			if want := float32(i%1000 + (i+1)%1000); got != want {
				return fmt.Errorf("element %d of %d is %v, expected %v", i, len(x), got, want)
			}
		}
	}
	return c.Close()
}

func TestLongSumsOfAMachine(t *testing.T) {
	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
		out, err := l.Job(t, 2, "long")
		require.NoError(t, err, out)
	})
}
