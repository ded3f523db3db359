package mpi

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/cascade-hpc/cascade/internal/mpijob"
)

// roles are what ranks can be told to do. What they find wrong is their error.
var roles = map[string]func() error{
	"operations": operations,
	"refused":    refused,
	"joined":     joined,
	"abort":      abortOne,
	"start":      func() error { return with(func(*Library, *Comm) error { return nil }) },
	"time":       timeAllreduce,
}

func TestMain(m *testing.M) { mpijob.Main(m, roles) }

// with runs f between Init and Finalize and prints what Init has found.
func with(f func(*Library, *Comm) error) error {
	lib, err := Open("")
	if err != nil {
		return err
	}
	world, err := lib.Init(Funneled)
	if err != nil {
		return errors.Join(err, lib.Finalize())
	}
	if world.Rank() == 0 {
		fmt.Println(lib.Version())
	}
	if err := f(lib, world); err != nil {
		fmt.Fprintln(os.Stderr, "rank", world.Rank(), "of", world.Size(), "finds:", err)
		return lib.Abort(3)
	}
	return lib.Finalize()
}

// abis are those of the installations.
var abis = map[string]ABI{"Open MPI": OpenMPI, "MPICH": MPICH}
