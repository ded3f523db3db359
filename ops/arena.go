package ops

import (
	"fmt"
	"math"
)

// Arena is a block of memory that lives until it is closed. A large one lies outside
// Go's heap, which the garbage collector neither scans nor counts, and the system is
// asked for huge pages: a program walks through all its memory in a step, and with
// pages of 4 KiB the processor keeps looking up where they are.
//
// Pages come into being when they are first written, on the NUMA node of who writes.
// That is the worker whose part it is in the first run, so an arena is not cleared
// beforehand.
type Arena struct {
	floats []float32
	mapped []byte // to be given back; nil if the floats are of Go's heap
	huge   bool
}

// hugePage is the size of a huge page in bytes. A smaller arena is of Go's heap.
const hugePage = 2 << 20

// NewArena returns n zeros, which begin at a 64-byte boundary.
func NewArena(n int) (*Arena, error) {
	if n < 0 || n > math.MaxInt/8 {
		return nil, fmt.Errorf("ops: an arena of %d float32 was asked for: that is no size", n)
	}
	if n*4 < hugePage || !canMap {
		return &Arena{floats: Alloc(n)}, nil
	}
	a, err := mapArena(n)
	if err != nil {
		return nil, fmt.Errorf("ops: an arena of %.1f MB was asked for: %w", float64(n)*4/1e6, err)
	}
	return a, nil
}

// Floats is the memory.
func (a *Arena) Floats() []float32 { return a.floats }

// Huge says that huge pages were asked for. Whether the system gave some, and how many
// bytes of them until now, is what [Arena.HugeBytes] tells.
func (a *Arena) Huge() bool { return a.huge }

// Close gives the memory back. Whoever reads or writes it afterwards ends the process.
func (a *Arena) Close() error {
	mapped := a.mapped
	*a = Arena{}
	if mapped == nil {
		return nil
	}
	return unmap(mapped)
}
