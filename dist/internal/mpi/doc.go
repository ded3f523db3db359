// Package mpi calls the MPI library that a machine has. It is opened at run time,
// so that one binary, built with or without cgo, works with Open MPI, with MPICH
// and its family (Intel MPI, MVAPICH, Cray), and with libraries of the MPI-5
// standard ABI, and none has to be there when Cascade is built.
//
//	runtime.LockOSThread()
//	lib, err := mpi.Open("") // CASCADE_LIBMPI, or what the launcher and the machine suggest
//	world, err := lib.Init(mpi.Funneled)
//	defer lib.Finalize()
//	err = world.Allreduce(nil, unsafe.Pointer(&sum), 1, mpi.Float64, mpi.Sum)
//
// [Library] is an open library, and [Comm] a communicator, whose methods are MPI's
// blocking operations.
//
// # Threads
//
// All calls, from [Library.Init] to [Library.Finalize], must come from one
// goroutine that has called [runtime.LockOSThread]: MPI knows operating system
// threads, and goroutines move between them. Nothing here is locked. A call that
// waits for other ranks keeps its core busy and, after some 20 µs, no longer keeps
// other goroutines from running.
//
// # Buffers
//
// Buffers are addresses, counts are in elements. A call keeps no address after it
// has returned, so buffers may be memory of Go without pointers in it. Networks
// with remote memory access register buffers and remember them by address, and
// learn from libc when memory goes back to the system, which Go's runtime does
// without libc: large buffers that are sent over such networks should be mapped
// once and kept.
//
// # Errors
//
// Arguments that would crash a library built without checks, as Debian's MPICH is,
// are refused here. What
// MPI itself refuses is an [*Error]. It comes from the communicator, whose handler
// is MPI_ERRORS_RETURN; before Init has set that, and where a process of the job
// dies, MPI ends the program itself. After an error of an operation MPI promises
// nothing about the state of the job: [Library.Abort] is what is left.
package mpi
