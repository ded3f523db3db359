package ops

import (
	"fmt"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// allowedCores are those that the process may use: its affinity mask, which is where
// taskset, batch systems and containers set their limits. It is read once, before any
// thread is pinned.
var allowedCores = sync.OnceValues(func() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(os.Getpid(), &set); err != nil {
		return nil, fmt.Errorf("the cores of the process are unknown: %w", err)
	}
	var cores []int
	for c := range maxCores {
		if set.IsSet(c) {
			cores = append(cores, c)
		}
	}
	return cores, nil
})

// pin lets the thread of the calling goroutine, which is locked to it, run on one core
// alone. Should the system not want that any more, the thread runs where it may.
func pin(core int) {
	var set unix.CPUSet
	set.Set(core)
	_ = unix.SchedSetaffinity(0, &set)
}

// yieldThread lets other threads run.
func yieldThread() { _, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

// mask is where a thread may run.
type mask = unix.CPUSet

// pinCaller locks the calling goroutine to its thread and pins that, for a microsecond's
// work, and returns where the thread might run before.
func pinCaller(core int) (before mask) {
	runtime.LockOSThread()
	_ = unix.SchedGetaffinity(0, &before)
	pin(core)
	return before
}

// unpinCaller undoes pinCaller.
func unpinCaller(before *mask) {
	_ = unix.SchedSetaffinity(0, before)
	runtime.UnlockOSThread()
}
