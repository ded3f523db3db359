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

// region is memory that grows to what is asked for.
type region[T Number] struct {
	memory []byte
}

// take returns n elements with any content. What was taken before is gone.
func (r *region[T]) take(n int) ([]T, error) {
	if n == 0 {
		return nil, nil
	}
	size := vectorOf(make([]T, 0)).kind.size()
	if len(r.memory) < n*size {
		if err := release(r.memory); err != nil {
			return nil, fmt.Errorf("dist: giving memory back: %w", err)
		}
		r.memory = nil
		m, err := reserve(n * size)
		if err != nil {
			return nil, fmt.Errorf("dist: %d bytes of memory: %w", n*size, err)
		}
		r.memory = m
	}
	return slice[T](vector{p: unsafe.Pointer(unsafe.SliceData(r.memory)), n: n}), nil
}
