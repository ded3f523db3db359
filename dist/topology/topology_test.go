package topology

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/cascade-hpc/cascade/dist"
	"github.com/cascade-hpc/cascade/internal/cpu"
)

// TestMain is also a program that binds itself and tells to which cores.
func TestMain(m *testing.M) {
	if os.Getenv("TOPOLOGY_BINDS") == "" {
		os.Exit(m.Run())
	}
	if err := Bind(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	allowed, err := cpu.Allowed()
	fmt.Println(cpu.Format(allowed), runtime.NumCPU(), err)
}

// machine is one of so many NUMA domains with cores of threads each, numbered as Linux
// likes to: the second threads behind all the first.
func machine(domains, cores, threads int) (fstest.MapFS, []int) {
	system, all := fstest.MapFS{}, domains*cores
	file := func(text, format string, a ...any) {
		system[fmt.Sprintf(format, a...)] = &fstest.MapFile{Data: []byte(text + "\n")}
	}
	var ids []int
	for d := range domains {
		var list []string
		for c := range cores {
			var siblings []string
			for t := range threads {
				siblings = append(siblings, fmt.Sprint(t*all+d*cores+c))
			}
			for t := range threads {
				id := t*all + d*cores + c
				file(fmt.Sprint(d), "cpu/cpu%d/topology/physical_package_id", id)
				file(fmt.Sprint(c), "cpu/cpu%d/topology/core_id", id)
				file(strings.Join(siblings, ","), "cpu/cpu%d/topology/thread_siblings_list", id)
			}
			list = append(list, siblings...)
		}
		file(strings.Join(list, ","), "node/node%d/cpulist", d)
	}
	for id := range all * threads {
		ids = append(ids, id)
	}
	return system, ids
}

func TestAssign(t *testing.T) {
	for _, tc := range []struct {
		name                    string
		how                     string
		domains, cores, threads int
		allowed                 string // "" is all
		want                    []string
	}{
		{"a rank to a socket", "numa", 2, 4, 1, "", []string{"0-3", "4-7"}},
		{"hardware threads stay with their core", "numa", 2, 2, 2, "", []string{"0-1,4-5", "2-3,6-7"}},
		{"two ranks to a socket", "numa", 2, 4, 1, "", []string{"0-1", "2-3", "4-5", "6-7"}},
		{"three ranks on two sockets", "numa", 2, 4, 1, "", []string{"0-1", "2-3", "4-7"}},
		{"two ranks on four domains", "numa", 4, 2, 1, "", []string{"0-3", "4-7"}},
		{"a socket that the job does not have", "numa", 2, 4, 1, "4-7", []string{"4-5", "6-7"}},
		{"one rank", "numa", 2, 4, 1, "", []string{"0-7"}},
		{"ranges of cores", "cores", 2, 3, 1, "", []string{"0-1", "2-3", "4-5"}},
		{"ranges that are not equal", "cores", 1, 5, 1, "", []string{"0-1", "2-4"}},
		{"ranges of cores with two threads", "cores", 1, 4, 2, "", []string{"0-1,4-5", "2-3,6-7"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			system, ids := machine(tc.domains, tc.cores, tc.threads)
			if tc.allowed != "" {
				var err error
				ids, err = cpu.Parse(tc.allowed)
				require.NoError(t, err)
			}
			for rank, want := range tc.want {
				got, err := assign(tc.how, cpu.Read(system, ids), rank, len(tc.want))
				require.NoError(t, err)
				assert.Equal(t, want, cpu.Format(got), "rank %d", rank)
			}
		})
	}
}

func TestAssignRefuses(t *testing.T) {
	system, ids := machine(1, 2, 1)
	_, err := assign("socket", cpu.Read(system, ids), 0, 1)
	require.EqualError(t, err, "numa, cores or none is expected")
	for _, how := range []string{"numa", "cores"} {
		_, err = assign(how, cpu.Read(system, ids), 0, 3)
		require.EqualError(t, err, "3 ranks are on this machine, and the process may use only the cores 0-1: start fewer ranks")
	}
}

func TestLocalOf(t *testing.T) {
	for _, tc := range []struct{ environment, want string }{
		{"", "not launched"},
		{"OMPI_COMM_WORLD_LOCAL_RANK=1 OMPI_COMM_WORLD_LOCAL_SIZE=4 SLURM_LOCALID=0 SLURM_STEP_TASKS_PER_NODE=1", "1 of 4 by Open MPI"},
		{"MPI_LOCALRANKID=2 MPI_LOCALNRANKS=3", "2 of 3 by MPICH"},
		{"SLURM_LOCALID=0 SLURM_STEP_TASKS_PER_NODE=4(x2),3 SLURM_NODEID=1", "0 of 4 by Slurm"},
		{"SLURM_LOCALID=2 SLURM_STEP_TASKS_PER_NODE=4(x2),3 SLURM_NODEID=2", "2 of 3 by Slurm"},
		{"SLURM_LOCALID=0", "not launched"},
		{"MPI_LOCALRANKID=3 MPI_LOCALNRANKS=3", `topology: MPI_LOCALRANKID is 3 and MPI_LOCALNRANKS is "3": it must lie below`},
		{"MPI_LOCALRANKID=x MPI_LOCALNRANKS=3", `topology: MPI_LOCALRANKID="x": a number is expected`},
		{"SLURM_LOCALID=0 SLURM_STEP_TASKS_PER_NODE=4(x2),3 SLURM_NODEID=3", `topology: SLURM_STEP_TASKS_PER_NODE="4(x2),3": machine 3 is not among them`},
		{"SLURM_LOCALID=0 SLURM_STEP_TASKS_PER_NODE=4(y2) SLURM_NODEID=0", `topology: SLURM_STEP_TASKS_PER_NODE="4(y2)": "4(y2)" is no number of ranks like 4 or 4(x2)`},
	} {
		t.Run(tc.environment, func(t *testing.T) {
			l, launched, err := localOf(func(name string) string {
				_, after, _ := strings.Cut(" "+tc.environment, " "+name+"=")
				value, _, _ := strings.Cut(after, " ")
				return value
			})
			got := "not launched"
			switch {
			case err != nil:
				got = err.Error()
			case launched:
				got = fmt.Sprintf("%d of %d by %s", l.number, l.count, l.name)
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

// nodeOf is rank 0 of a machine of 8 cores on two sockets.
func nodeOf(t *testing.T, l int, threads int, masks ...string) *Node {
	t.Helper()
	t.Setenv("SLURM_CPUS_ON_NODE", "")
	system, ids := machine(2, 4, 1)
	n := &Node{cores: ids, launched: true}
	n.local.launcher = launchers[l]
	for _, m := range masks {
		cores, err := cpu.Parse(m)
		require.NoError(t, err)
		n.Ranks = append(n.Ranks, Rank{cores, threads})
	}
	n.where = cpu.Read(system, n.Ranks[0].Cores)
	return n
}

func TestAdviceForALaunchersBinding(t *testing.T) {
	for l, says := range []string{
		"bound by Open MPI, and its share is 4: start it with mpirun --bind-to none, or with --map-by socket:PE=4",
		"bound by MPICH, and its share is 4: start it with mpiexec -bind-to none, or with -bind-to core:4",
		"bound by Slurm, and its share is 4: start it with srun --cpus-per-task=4 --cpu-bind=cores",
	} {
		assert.Equal(t, []string{"rank 0 of the 2 on this machine may use 1 of its 8 cores (0), " + says}, nodeOf(t, l, 1, "0", "1").Advice())
	}
	alone := nodeOf(t, 0, 1, "5").Advice()
	require.Len(t, alone, 1)
	assert.Contains(t, alone[0], "may use 1 of its 8 cores (5)")
}

func TestAdviceIsNotGivenWhereAllIsWell(t *testing.T) {
	assert.Empty(t, nodeOf(t, 0, 4, "0-3", "4-7").Advice())
	assert.Empty(t, nodeOf(t, 0, 1, "0-1", "0-1").Advice(), "a container of two cores")
	assert.Empty(t, nodeOf(t, 2, 3, "0-2").Advice(), "a job of three cores")
	n := nodeOf(t, 0, 1, "0", "1")
	n.bound = true
	assert.Empty(t, n.Advice(), "asked for")
	n = nodeOf(t, 2, 1, "0", "1")
	t.Setenv("SLURM_CPUS_ON_NODE", "2")
	assert.Empty(t, n.Advice(), "a job of two cores")
	n = nodeOf(t, 0, 1, "5")
	n.launched = false
	assert.Empty(t, n.Advice(), "a user's taskset")
}

func TestAdviceForMoreThreadsThanCores(t *testing.T) {
	assert.Equal(t, []string{"the 2 ranks on this machine compute with 16 threads on 8 cores, and wait for each other: set CASCADE_NUM_THREADS=4"}, nodeOf(t, 1, 8, "0-7", "0-7").Advice())
	assert.Equal(t, []string{"the 3 ranks on this machine have 2 cores between them, and wait for each other: start at most 2 ranks on it"}, nodeOf(t, 1, 1, "0-1", "0-1", "0-1").Advice())
}

func TestAdviceForOneProcessor(t *testing.T) {
	n := nodeOf(t, 0, 1, "0-3", "4-7")
	n.procs = "1"
	assert.Equal(t, []string{"GOMAXPROCS is 1 and rank 0 of the 2 on this machine may use 4 cores: set GOMAXPROCS=4, or leave it unset"}, n.Advice())
}

func TestNodeIsALineForTheLog(t *testing.T) {
	assert.Equal(t, "rank 0 of the 2 on this machine: cores 2-5 of 0-7, NUMA 0-1, 4 threads", nodeOf(t, 0, 4, "2-5", "6-7").String())
}

// TestLookTellsWhatTheOthersHave: ranks of one process have the same cores.
func TestLookTellsWhatTheOthersHave(t *testing.T) {
	allowed, err := cpu.Allowed()
	if err != nil {
		t.Skip(err)
	}
	require.NoError(t, dist.Run(3, func(c *dist.Comm) error {
		n, err := Look(c, c.Rank()+1)
		if err != nil {
			return err
		}
		assert.Equal(t, c.Rank(), n.Rank)
		assert.Equal(t, []Rank{{allowed, 1}, {allowed, 2}, {allowed, 3}}, n.Ranks)
		return nil
	}))
}

// TestBindStartsTheProgramOnItsCores: a process that is told to be one of two ranks of the
// machine comes up again on half of the cores, and Go counts those alone.
func TestBindStartsTheProgramOnItsCores(t *testing.T) {
	allowed, err := cpu.Allowed()
	if err != nil || len(allowed) < 2 {
		t.Skipf("cores %v: %v", allowed, err)
	}
	for _, how := range []string{"cores", "numa"} {
		for rank := range 2 {
			want, err := assign(how, cpu.Read(cpu.System, allowed), rank, 2)
			require.NoError(t, err)
			out, err := binding(t, "CASCADE_BIND="+how, fmt.Sprintf("MPI_LOCALRANKID=%d", rank), "MPI_LOCALNRANKS=2")
			require.NoError(t, err, out)
			assert.Equal(t, fmt.Sprintf("%s %d <nil>\n", cpu.Format(want), len(want)), out)
		}
	}
	out, err := binding(t, "CASCADE_BIND=none", "MPI_LOCALRANKID=0", "MPI_LOCALNRANKS=2")
	require.NoError(t, err, out)
	assert.Equal(t, fmt.Sprintf("%s %d <nil>\n", cpu.Format(allowed), len(allowed)), out)
	out, err = binding(t, "CASCADE_BIND=cores", "MPI_LOCALRANKID=0", "MPI_LOCALNRANKS=1024")
	require.Error(t, err)
	assert.Equal(t, fmt.Sprintf("topology: CASCADE_BIND=cores: 1024 ranks are on this machine, and the process may use only the cores %s: start fewer ranks, or, if MPICH has bound them, with mpiexec -bind-to none\n", cpu.Format(allowed)), out)
	out, err = binding(t, "CASCADE_BIND=socket")
	require.Error(t, err)
	assert.Equal(t, "topology: CASCADE_BIND=socket: numa, cores or none is expected\n", out)
}

func binding(t *testing.T, environment ...string) (string, error) {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	c := exec.CommandContext(t.Context(), program)
	c.Env = append(os.Environ(), "TOPOLOGY_BINDS=1")
	c.Env = append(c.Env, environment...)
	out, err := c.CombinedOutput()
	return string(out), err
}
