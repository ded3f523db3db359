//go:build unix

package hdf5

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// limitMemory lets the process map so many bytes more than it has mapped, where
// the system can tell how many these are: Go reserves address space that it does
// not use.
func limitMemory(bytes int64) error {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return nil // not Linux: the timeout has to do
	}
	pages, err := strconv.ParseUint(strings.Fields(string(statm))[0], 10, 64)
	if err != nil {
		return err
	}
	limit := pages*uint64(os.Getpagesize()) + uint64(bytes)
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &now); err != nil {
		return err
	}
	now.Cur = min(now.Cur, limit)
	return unix.Setrlimit(unix.RLIMIT_AS, &now)
}
