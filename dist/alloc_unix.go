//go:build unix

package dist

import "golang.org/x/sys/unix"

// reserve maps zeroed pages.
func reserve(n int) ([]byte, error) {
	return unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
}
