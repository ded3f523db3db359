package dist

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/cascade-hpc/cascade/ops"
)

// ErrNoMPI: the program was launched in parallel, and no MPI connects its ranks.
var ErrNoMPI = errors.New("no usable MPI")

// Init is the group of all ranks that were launched together. Alone it is [Self]; by
// mpirun, mpiexec or srun it opens the launcher's MPI library at run time, or the one that
// CASCADE_LIBMPI names, which alone makes a program that runs by itself open it too.
//
// Ranks that were launched together and find no MPI, or one that does not connect them,
// get ErrNoMPI with what to do: none goes on as if it were alone. Init is called once, behind
// ops.SetDefault, and Close of its group ends MPI.
func Init() (*Comm, error) {
	l, parallel := launched(os.Getenv)
	if !parallel && os.Getenv("CASCADE_LIBMPI") == "" {
		return Self(), nil
	}
	k := newCarrier(true)
	g, about, err := openMPI(k)
	switch {
	case err != nil && !parallel:
		return nil, fmt.Errorf("dist: %w: CASCADE_LIBMPI=%s: %w", ErrNoMPI, os.Getenv("CASCADE_LIBMPI"), err)
	case err != nil:
		return nil, fmt.Errorf("dist: %w: launched as %v: install the MPI of that launcher, or name its library in CASCADE_LIBMPI: %w", ErrNoMPI, l, err)
	case parallel && g.size() != l.size:
		return nil, fmt.Errorf("dist: %w: launched as %v, and %v knows of %d ranks: launcher and library do not belong together; with srun, --mpi=pmix or --mpi=pmi2 may be needed", ErrNoMPI, l, about, g.size())
	}
	// The carrier of requests runs beside the workers that compute, whose number is
	// settled first.
	ops.Default()
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	c := newComm(g, k, about.String())
	c.world = true
	return c, nil
}
