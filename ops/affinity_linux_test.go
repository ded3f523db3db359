package ops

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cascade-hpc/cascade/internal/cpu"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// whereabouts is a task that notes the mask of every worker's thread. Its parts wait for
// one another, so that each worker does one.
type whereabouts struct {
	together sync.WaitGroup
	masks    []unix.CPUSet
}

func (w *whereabouts) Part(worker, _ int) {
	_ = unix.SchedGetaffinity(0, &w.masks[worker])
	w.together.Done()
	w.together.Wait()
}

func TestWorkersArePinned(t *testing.T) {
	allowed, err := cpu.Allowed()
	require.NoError(t, err)
	last := allowed[len(allowed)-1]
	for _, tc := range []struct {
		affinity string
		workers  int
		want     []int
	}{
		{"compact", 2, cpu.Read(cpu.System, allowed).Order(true)},
		{"scatter", 2, cpu.Read(cpu.System, allowed).Order(false)},
		{"compact", len(allowed) + 1, append(cpu.Read(cpu.System, allowed).Order(true), allowed[0])},
		{fmt.Sprint(last), 0, []int{last}},
		{fmt.Sprint(last), 1, []int{last}},
	} {
		t.Run(fmt.Sprintf("%s of %d", tc.affinity, tc.workers), func(t *testing.T) {
			if len(tc.want) < tc.workers {
				t.Skipf("the process has %d cores", len(allowed))
			}
			p, err := PoolOptions{Workers: tc.workers, Affinity: tc.affinity}.New()
			require.NoError(t, err)
			defer p.Close()
			var before, after unix.CPUSet
			require.NoError(t, unix.SchedGetaffinity(0, &before))
			w := &whereabouts{masks: make([]unix.CPUSet, p.Workers())}
			w.together.Add(p.Workers())
			p.Run(p.Workers(), w)
			require.NoError(t, unix.SchedGetaffinity(0, &after))
			assert.Equal(t, before, after, "the caller's thread is as before")
			for worker, m := range w.masks {
				assert.Equal(t, 1, m.Count(), "worker %d", worker)
				assert.True(t, m.IsSet(tc.want[worker]), "worker %d is not on core %d", worker, tc.want[worker])
			}
		})
	}
}

func TestPinnedRunDoesNotAllocate(t *testing.T) {
	p, err := PoolOptions{Workers: 2, Affinity: "compact"}.New()
	require.NoError(t, err)
	defer p.Close()
	count := newTally(20, 2)
	assert.Zero(t, testing.AllocsPerRun(100, func() { p.Run(20, count) }))
}

func TestListedCores(t *testing.T) {
	allowed, err := cpu.Allowed()
	require.NoError(t, err)
	first := fmt.Sprint(allowed[0])
	for _, tc := range []struct {
		name, text string
		workers    int
		want       string
	}{
		{"more workers than cores", first, 2, "1 cores are listed for 2 workers"},
		{"a core twice", first + "," + first, 2, "core " + first + " is listed twice"},
		{"a core that is not ours", fmt.Sprint(cpu.Max - 1), 1, "the process may not use core 1023: it has " + cpu.Format(allowed)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := listedCores(tc.text, tc.workers)
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

// cpuTime is what the process has used.
func cpuTime(t *testing.T) time.Duration {
	var r syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestIdlePoolsSleep: without a block time a pool that waits uses no processor, and with
// one it stays awake.
func TestIdlePoolsSleep(t *testing.T) {
	if os.Getenv("CASCADE_BLOCKTIME") != "" {
		t.Skip("other pools of the process may be awake")
	}
	const idle, little = 400 * time.Millisecond, 40 * time.Millisecond
	waiting := func(blockTime time.Duration) {
		p, err := PoolOptions{Workers: 2, BlockTime: blockTime}.New()
		require.NoError(t, err)
		t.Cleanup(p.Close)
		p.Run(100, newTally(100, 2))
		time.Sleep(20 * time.Millisecond) // in which other pools fall asleep
	}
	waiting(NoBlockTime)
	before := cpuTime(t)
	time.Sleep(idle)
	assert.Less(t, cpuTime(t)-before, little)

	waiting(InfiniteBlockTime)
	before = cpuTime(t)
	assert.Eventually(t, func() bool { return cpuTime(t)-before > little }, time.Minute, time.Millisecond)
}
