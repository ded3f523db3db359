package dist

import (
	"fmt"
	"unsafe"
)

// Alloc returns n zeros outside of Go's heap, at the beginning of a page. Collectives on
// such memory need no copy where a network reads and writes it by itself; it is never
// given back.
func Alloc[T Number](n int) ([]T, error) {
	var r region[T]
	return r.take(n)
}

// region is memory that grows to what is asked for. What it grew out of is left behind and
// not given back: MPI libraries remember by address what a network card may read, and do not
// see Go's way of giving pages back. Since it at least doubles, that is less than it has.
type region[T Number] struct{ memory []T }

// take returns n elements with any content. What was taken before is gone.
func (r *region[T]) take(n int) ([]T, error) {
	if len(r.memory) < n {
		n := max(n, 2*len(r.memory))
		var zero T
		m, err := reserve(n * int(unsafe.Sizeof(zero)))
		if err != nil {
			return nil, fmt.Errorf("dist: %d elements of memory: %w", n, err)
		}
		r.memory = slice[T](vector{p: unsafe.Pointer(unsafe.SliceData(m)), n: n})
	}
	return r.memory[:n], nil
}
