// Package mpijob lets tests start ranks under the MPI launchers of the machine. MPI starts
// once in a process, so every test of it has processes of its own: the test binary, run
// again in a role.
//
//	func TestMain(m *testing.M) { mpijob.Main(m, map[string]func() error{"sum": sum}) }
//
//	mpijob.Each(t, func(t *testing.T, l mpijob.Launcher) {
//		out, err := l.Job(t, 2, "sum")
//		…
//	})
package mpijob

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// roleVariable turns the test binary into a rank.
const roleVariable = "CASCADE_TEST_ROLE"

// patience is for machines on which ranks share cores with other tests: waiting ranks spin.
const patience = 5 * time.Minute

// Main runs the tests or, in a rank, its role, in a goroutine that is locked to its
// thread. What a role finds wrong is its error.
func Main(m *testing.M, roles map[string]func() error) {
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

// Launcher is an installation of MPI.
type Launcher struct {
	Name    string
	Command []string
	Library string
}

// Installed are the two families as Debian and Ubuntu package them.
var Installed = []Launcher{
	{"Open MPI", []string{"mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"}, "libmpi.so.40"},
	{"MPICH", []string{"mpirun.mpich"}, "libmpich.so.12"},
}

// There says whether the launcher is.
func (l Launcher) There() bool {
	_, err := exec.LookPath(l.Command[0])
	return err == nil
}

// Each runs f for those that are there.
func Each(t *testing.T, f func(*testing.T, Launcher)) {
	for _, l := range Installed {
		t.Run(l.Name, func(t *testing.T) {
			if !l.There() {
				t.Skipf("there is no %s: scripts/install-mpi installs it", l.Command[0])
			}
			f(t, l)
		})
	}
}

// Start is how ranks in a role are started, of the library of the launcher unless env
// names another. It ends with ctx, by a signal that launchers pass on.
func (l Launcher) Start(ctx context.Context, t testing.TB, ranks int, role string, env ...string) *exec.Cmd {
	args := append(l.Command[1:len(l.Command):len(l.Command)], "-n", strconv.Itoa(ranks), executable(t))
	return command(ctx, role, append(env[:len(env):len(env)], session(t)), l.Command[0], args...)
}

// session gives Open MPI a folder that is not that of jobs beside: one that ends as another
// starts takes the folder that both would have away from it. Its path is short, since
// those of sockets in it must be.
func session(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "mpi")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // what a killed job has left
	return "OMPI_MCA_orte_tmpdir_base=" + dir
}

// Job runs ranks in a role, for some minutes at most, and returns what they print.
func (l Launcher) Job(t testing.TB, ranks int, role string, env ...string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return output(l.Start(ctx, t, ranks, role, env...))
}

// Alone runs one process in a role without a launcher.
func Alone(t testing.TB, role string, env ...string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return output(command(ctx, role, env, executable(t)))
}

func executable(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func command(ctx context.Context, role string, env []string, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(append(os.Environ(), roleVariable+"="+role, "CASCADE_LIBMPI="), env...)
	return cmd
}

func output(cmd *exec.Cmd) (string, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}
