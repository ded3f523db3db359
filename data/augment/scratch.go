package augment

import (
	"sync"
	"unsafe"

	"github.com/cascade-hpc/cascade/data/source"
)

// scratch is memory for a row while it is changed in place.
type scratch struct{ words []float64 }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func borrow() *scratch       { return scratches.Get().(*scratch) }
func (s *scratch) giveBack() { scratches.Put(s) }

// room is n elements of scratch memory, of any values.
func room[T source.Number](s *scratch, n int) []T {
	var zero T
	if words := (n*int(unsafe.Sizeof(zero)) + 7) / 8; cap(s.words) < words {
		s.words = make([]float64, words)
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(s.words[:1]))), n)
}
