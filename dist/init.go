package dist

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

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
//
// From then on the ranks watch each other over TCP connections of their own, beside MPI,
// and a fault of one ends all with status 1 and one line that tells the rank, its host and
// process, and the reason:
//
//   - A rank that dies without Close or Abort is found at once, if its machine lives. The
//     launcher sees that too, and may end the job first with a report of its own.
//   - A rank that is stopped, or whose machine or network hangs, is found after 15 seconds:
//     it has left out 15 heartbeats. CASCADE_DIST_HEARTBEAT is the time between two, 1s.
//   - A rank that lives and does not come to a collective in which others have waited
//     longer than CASCADE_DIST_TIMEOUT is found then: 30m, and 0 is never.
//   - Where MPI itself does not end, though all ranks have come to Close, that returns an
//     error after 60 heartbeats.
//
// The end itself takes up to five seconds more. What rank 0 has in these variables holds
// for all ranks. If the ranks cannot connect within 20 seconds, as behind a firewall, rank 0
// warns and the job goes on unwatched. Ranks that do not start are found by the others of
// Init after CASCADE_DIST_TIMEOUT.
func Init() (*Comm, error) {
	l, parallel := launched(os.Getenv)
	if !parallel && os.Getenv("CASCADE_LIBMPI") == "" {
		return Self(), nil
	}
	r, err := settings()
	if err != nil {
		return nil, fmt.Errorf("dist: %w", err)
	}
	defer r.limitStart(l)()
	k := newCarrier(true)
	k.does = new(activity)
	g, about, err := openMPI(k)
	switch {
	case err != nil && !parallel:
		return nil, fmt.Errorf("dist: %w: CASCADE_LIBMPI=%s: %w", ErrNoMPI, os.Getenv("CASCADE_LIBMPI"), err)
	case err != nil:
		return nil, fmt.Errorf("dist: %w: launched as %v: install the MPI of that launcher, or name its library in CASCADE_LIBMPI: %w", ErrNoMPI, l, err)
	case parallel && g.size() != l.size:
		return nil, fmt.Errorf("dist: %w: launched as %v, and %v knows of %d of them: launcher and library do not belong together: start with the library's own launcher, or name the launcher's library in CASCADE_LIBMPI; with srun, --mpi=pmix or --mpi=pmi2 may be needed", ErrNoMPI, l, about, g.size())
	}
	// The carrier of requests runs beside the workers that compute, whose number is
	// settled first.
	ops.Default()
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	name := about.String()
	if g.shared != nil {
		name += ", sums in shared memory"
	}
	c := newComm(g, k, name)
	c.world = true
	if c.Size() > 1 {
		if err := startMonitor(c, r); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// limitStart ends this rank if Init, which waits for all others, does not return in time.
func (r rhythm) limitStart(l launch) (started func()) {
	if r.Timeout == 0 || l.size == 0 {
		return func() {}
	}
	timer := time.AfterFunc(r.Timeout, func() {
		fmt.Fprintf(os.Stderr, "dist: %v ends all: MPI has not started within %v (CASCADE_DIST_TIMEOUT): ranks that do not say so are missing\n", l, r.Timeout)
		os.Exit(1)
	})
	return func() { timer.Stop() }
}
