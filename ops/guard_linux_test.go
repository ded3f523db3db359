package ops

import (
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// fence returns n float32 that end where a page begins which must not be touched,
// and n that start where such a page ends: a kernel that reads or writes beside its
// operands crashes the test.
func fence(t *testing.T, n int) [2][]float32 {
	t.Helper()
	page := syscall.Getpagesize()
	size := (4*n+page-1)/page*page + page // with a page even for n = 0
	raw, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, syscall.Munmap(raw)) })
	require.NoError(t, syscall.Mprotect(raw[:page], syscall.PROT_NONE))
	require.NoError(t, syscall.Mprotect(raw[page+size:], syscall.PROT_NONE))
	floats := unsafe.Slice((*float32)(unsafe.Pointer(&raw[page])), size/4)
	return [2][]float32{floats[len(floats)-n:], floats[:n:n]}
}
