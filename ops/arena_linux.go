//go:build linux && !race

package ops

import (
	"bufio"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// canMap says that arenas can lie outside Go's heap. The race detector does not look
// there, so under it they do not.
const canMap = true

// mapArena maps a huge page more than is needed, so that the arena can begin with one.
// What is never touched costs nothing.
func mapArena(n int) (*Arena, error) {
	size := (n*4 + hugePage - 1) / hugePage * hugePage
	mapped, err := unix.Mmap(-1, 0, size+hugePage, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, err
	}
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(mapped))) % hugePage)
	aligned := mapped[skip : skip+size]
	err = askForHugePages(aligned)
	floats := unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(aligned))), n)
	return &Arena{floats: floats, mapped: mapped, huge: err == nil}, nil
}

func unmap(mapped []byte) error { return unix.Munmap(mapped) }

// HugeBytes is how much of the arena is in huge pages now, in bytes. It reads the list
// of the mappings of the process, where those of neighbours may be counted as one: it is
// exact for one arena, and no more than its size for several.
func (a *Arena) HugeBytes() (bytes int, err error) {
	if a.mapped == nil {
		return 0, nil
	}
	list, err := os.Open("/proc/self/smaps")
	if err != nil {
		return 0, fmt.Errorf("ops: huge pages: %w", err)
	}
	defer list.Close()
	begin := uintptr(unsafe.Pointer(unsafe.SliceData(a.mapped)))
	end := begin + uintptr(len(a.mapped))
	ours := false
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		var lo, hi uintptr
		var kB int
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &lo, &hi); n == 2 {
			ours = begin < hi && lo < end
		} else if n, _ := fmt.Sscanf(lines.Text(), "AnonHugePages: %d kB", &kB); n == 1 && ours {
			bytes += kB << 10
		}
	}
	return min(bytes, len(a.mapped)), lines.Err()
}
