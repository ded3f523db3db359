package topology

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// launcher is a program that starts ranks, with what it says in the environment and how it
// is told to give a rank so many cores.
type launcher struct {
	name       string
	rank, size string // variables: the number among the ranks of the machine, and how many those are
	share      string // a setting, with the number of cores
	off        string // a setting that leaves binding to Bind
}

// launchers in the order in which they count: mpirun may run inside a job of Slurm.
var launchers = []launcher{
	{"Open MPI", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE", "mpirun --bind-to none, or with --map-by socket:PE=%d", "mpirun --bind-to none"},
	{"MPICH", "MPI_LOCALRANKID", "MPI_LOCALNRANKS", "mpiexec -bind-to none, or with -bind-to core:%d", "mpiexec -bind-to none"},
	{"Slurm", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE", "srun --cpus-per-task=%d --cpu-bind=cores", "srun --cpu-bind=none"},
}

// local is what a launcher says about a process.
type local struct {
	launcher
	number, count int
}

// localOf reads the environment; false is a process that was not launched in parallel.
func localOf(environment func(string) string) (local, bool, error) {
	for _, l := range launchers {
		rank, size := environment(l.rank), environment(l.size)
		if rank == "" || size == "" {
			continue
		}
		number, err := strconv.Atoi(rank)
		if err != nil {
			return local{}, false, fmt.Errorf("topology: %s=%q: a number is expected", l.rank, rank)
		}
		count, err := tasksOf(size, environment("SLURM_NODEID"))
		if err != nil {
			return local{}, false, fmt.Errorf("topology: %s=%q: %w", l.size, size, err)
		}
		if number < 0 || number >= count {
			return local{}, false, fmt.Errorf("topology: %s is %d and %s is %q: it must lie below", l.rank, number, l.size, size)
		}
		return local{l, number, count}, true, nil
	}
	return local{}, false, nil
}

// tasksOf is the number of ranks of a machine in Slurm's notation, "4(x2),3": 4 on each of
// the machines 0 and 1, and 3 on machine 2. A number alone is that of all.
func tasksOf(text, machine string) (int, error) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, nil
	}
	at, err := strconv.Atoi(machine)
	if err != nil {
		return 0, fmt.Errorf("SLURM_NODEID is %q: a number is expected", machine)
	}
	for item := range strings.SplitSeq(text, ",") {
		tasks, times, repeated := strings.Cut(strings.TrimSuffix(item, ")"), "(x")
		n, err := strconv.Atoi(tasks)
		machines := 1
		if err == nil && repeated {
			machines, err = strconv.Atoi(times)
		}
		if err != nil {
			return 0, fmt.Errorf("%q is no number of ranks like 4 or 4(x2)", item)
		}
		if at -= machines; at < 0 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("machine %s is not among them", machine)
}

// own is the environment of the process.
func own() (local, bool, error) { return localOf(os.Getenv) }
