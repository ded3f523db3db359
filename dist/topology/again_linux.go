package topology

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/cascade-hpc/cascade/internal/cpu"
)

// again starts the program again in place of this process, on some cores. It returns only
// an error.
func again(cores []int) error {
	var set unix.CPUSet
	for _, c := range cores {
		set.Set(c)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return err
	}
	return unix.Exec("/proc/self/exe", os.Args, append(os.Environ(), bound+"="+cpu.Format(cores)))
}
