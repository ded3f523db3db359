package mpi_test

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/cascade-hpc/cascade/dist/internal/mpi"
)

// A machine without MPI is no failure: a program may go on with ranks of its own.
func ExampleOpen() {
	_, err := mpi.Open("/no/such/libmpi.so")
	fmt.Println(errors.Is(err, mpi.ErrNoLibrary))
	// Output: true
}

// The mean of a loss over all ranks. It is the same with one rank and no launcher.
func ExampleComm_Allreduce() {
	mean := func(loss float64) (float64, error) {
		runtime.LockOSThread()
		lib, err := mpi.Open("")
		if err != nil {
			return 0, err
		}
		world, err := lib.Init(mpi.Funneled)
		if err != nil {
			return 0, err
		}
		if err := world.Allreduce(nil, unsafe.Pointer(&loss), 1, mpi.Float64, mpi.Sum); err != nil {
			return 0, err
		}
		return loss / float64(world.Size()), lib.Finalize()
	}
	_ = mean
}
