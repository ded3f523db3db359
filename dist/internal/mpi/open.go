package mpi

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"
)

// ErrNoLibrary is the reason for errors of [Open] where no library opens.
var ErrNoLibrary = errors.New("no MPI library")

const advice = `
Install one (Debian, Ubuntu: apt-get install openmpi-bin, or mpich), load the
cluster's module (module load openmpi), or name its file: CASCADE_LIBMPI=/path/to/libmpi.so`

// Open opens an MPI library: the file at path, or, if path is "", the one that
// CASCADE_LIBMPI names, or the first that opens of those that Open MPI, MPICH and
// the standard ABI go by, the family of the launcher that has started this process
// before all others. A library stays open until the process ends.
//
// The error lists what was tried and why it failed, and wraps [ErrNoLibrary].
func Open(path string) (*Library, error) {
	if path == "" {
		path = os.Getenv("CASCADE_LIBMPI")
	}
	names := []string{path}
	if path == "" {
		names = candidates(runtime.GOOS, os.LookupEnv)
	}
	if err := prepare(); err != nil {
		return nil, err
	}
	var tried []string
	for _, name := range names {
		lib, err := open(name)
		if err == nil {
			return lib, nil
		}
		// The loader's messages mostly begin with the name.
		tried = append(tried, "  "+name+": "+strings.TrimPrefix(err.Error(), name+": "))
	}
	return nil, fmt.Errorf("mpi: %w opens:\n%s%s", ErrNoLibrary, strings.Join(tried, "\n"), advice)
}

// open opens the library called name, or nothing.
func open(name string) (*Library, error) {
	lib := &Library{name: name}
	// Libraries below MPI may install handlers while they are loaded.
	err := withSignals(func() (err error) {
		lib.handle, err = load(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := lib.bind(); err != nil {
		return nil, errors.Join(err, unload(lib.handle))
	}
	if file := fileOf(lib.addresses[initThread]); file != "" {
		lib.name = file
	}
	return lib, nil
}

// bind finds the library's functions, its ABI and its version.
func (l *Library) bind() error {
	for f := range l.addresses {
		address, err := symbol(l.handle, functionNames[f])
		if err != nil {
			return fmt.Errorf("not a complete MPI library: %w", err)
		}
		l.addresses[f] = address
	}
	if err := l.recognise(); err != nil {
		return err
	}
	return l.readVersion()
}

// recognise tells which ABI the library has. Open MPI answers MPI_Abi_get_version
// from libmpi.so too, with version -1: there it is no standard ABI.
func (l *Library) recognise() (err error) {
	var major, minor int32
	if version, err := symbol(l.handle, "MPI_Abi_get_version"); err == nil {
		code := call(version, uintptr(unsafe.Pointer(&major)), uintptr(unsafe.Pointer(&minor)))
		if code != 0 {
			return fmt.Errorf("MPI_Abi_get_version returns %d", code)
		}
	}
	if major > 1 {
		return fmt.Errorf("found version %d.%d of the standard ABI, expected 1", major, minor)
	}
	find := func(name string) (uintptr, error) { return symbol(l.handle, name) }
	_, notOpenMPI := find("ompi_mpi_comm_self")
	switch {
	case major == 1:
		l.abi, l.constants = Standard, standardConstants
	case notOpenMPI == nil:
		l.abi = OpenMPI
		l.constants, err = openMPIConstants(find)
	case strings.Contains(filepath.Base(l.name), "mpi_abi"):
		// MPICH 4.3 had one, with other constants.
		err = errors.New("a draft of the standard ABI: MPI_Abi_get_version is missing")
	default:
		l.abi, l.constants = MPICH, mpichConstants
	}
	return err
}
