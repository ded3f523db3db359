package ops

import "golang.org/x/sys/unix"

// askForHugePages asks the system to put memory, which begins and ends at the boundary
// of one, into huge pages from when it is first touched. Kernels without them refuse.
func askForHugePages(memory []byte) error { return unix.Madvise(memory, unix.MADV_HUGEPAGE) }
