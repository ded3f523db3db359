package ops

import (
	"runtime"

	"golang.org/x/sys/unix"
)

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
