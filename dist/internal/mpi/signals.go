package mpi

import (
	"fmt"
	"unsafe"
)

// lastSignal is the highest number of a signal on Linux.
const lastSignal = 64

// disposition has room for libc's struct sigaction, 152 bytes on Linux.
type disposition [32]uint64

// withSignals calls f and puts all dispositions of signals back to what they were
// before. MPICH installs a handler for SIGUSR1 that does not run on the signal
// stack, and Go ends the program when it sees that; SIGUSR1 is what batch systems
// send before the time is up. A handler that another goroutine installs for the
// first time meanwhile is lost.
func withSignals(f func() error) error {
	sigaction, err := libc("sigaction")
	if err != nil {
		return fmt.Errorf("mpi: signals cannot be kept as they are: %w", err)
	}
	var kept [lastSignal + 1]*disposition
	for signal := 1; signal <= lastSignal; signal++ {
		d := new(disposition)
		// It fails for signals that libc keeps for itself.
		if call(sigaction, uintptr(signal), 0, uintptr(unsafe.Pointer(d))) == 0 {
			kept[signal] = d
		}
	}
	defer func() {
		for signal, d := range kept {
			if d != nil {
				// SIGKILL and SIGSTOP refuse, and have not changed.
				call(sigaction, uintptr(signal), uintptr(unsafe.Pointer(d)), 0)
			}
		}
	}()
	return f()
}
