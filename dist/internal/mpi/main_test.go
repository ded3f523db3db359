package mpi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// roleVariable turns the test binary into a rank: MPI starts once in a process, so
// every test of it has processes of its own.
const roleVariable = "CASCADE_MPI_TEST_ROLE"

// roles are what ranks can be told to do. What they find wrong is their error.
var roles = map[string]func() error{
	"operations": operations,
	"refused":    refused,
	"joined":     joined,
	"abort":      abortOne,
	"start":      func() error { return with(func(*Library, *Comm) error { return nil }) },
	"time":       timeAllreduce,
}

func TestMain(m *testing.M) {
	name := os.Getenv(roleVariable)
	if name == "" {
		os.Exit(m.Run())
	}
	runtime.LockOSThread()
	if err := roles[name](); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
	os.Exit(0)
}

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

// launcher is an installation of MPI.
type launcher struct {
	name    string
	command []string
	library string
	abi     ABI
}

// installed are the two families as Debian and Ubuntu package them.
var installed = []launcher{
	{"Open MPI", []string{"mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"}, "libmpi.so.40", OpenMPI},
	{"MPICH", []string{"mpirun.mpich"}, "libmpich.so.12", MPICH},
}

// eachLauncher runs f for those that are there.
func eachLauncher(t *testing.T, f func(*testing.T, launcher)) {
	for _, l := range installed {
		t.Run(l.name, func(t *testing.T) {
			if _, err := exec.LookPath(l.command[0]); err != nil {
				t.Skipf("%v: scripts/install-mpi installs it", err)
			}
			f(t, l)
		})
	}
}

// job starts ranks in a role and returns what they print.
func (l launcher) job(t testing.TB, ranks int, role string, env ...string) (string, error) {
	args := append(l.command[1:len(l.command):len(l.command)], "-n", strconv.Itoa(ranks), executable(t))
	return process(t, role, env, l.command[0], args...)
}

// alone starts one process in a role without a launcher.
func alone(t testing.TB, role string, env ...string) (string, error) {
	return process(t, role, env, executable(t))
}

func executable(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// process runs a program to its end, or for a minute.
func process(t testing.TB, role string, env []string, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // launchers pass it on
	cmd.WaitDelay = 10 * time.Second
	// The library is the launcher's, or what env says, and not what a shell has.
	cmd.Env = append(append(os.Environ(), roleVariable+"="+role, "CASCADE_LIBMPI="), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}
