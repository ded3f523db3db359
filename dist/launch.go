package dist

import (
	"fmt"
	"strconv"
)

// launch is how a program was started.
type launch struct {
	by         string // "mpirun of Open MPI"
	rank, size int
}

// launchers are known by what they leave in the environment. Slurm's variables are in
// every job, also where a program runs alone in its script; a step of several tasks is
// what srun makes.
var launchers = []struct{ by, rank, size string }{
	{"mpirun of Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
	{"mpiexec of MPICH or Intel MPI", "PMI_RANK", "PMI_SIZE"},
	{"srun", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"},
}

// launched looks for a launcher of several ranks.
func launched(getenv func(string) string) (launch, bool) {
	for _, l := range launchers {
		size, err := strconv.Atoi(getenv(l.size))
		rank, err2 := strconv.Atoi(getenv(l.rank))
		if err == nil && err2 == nil && size > 1 {
			return launch{l.by, rank, size}, true
		}
	}
	return launch{}, false
}

func (l launch) String() string { return fmt.Sprintf("rank %d of %d of %s", l.rank, l.size, l.by) }
