//go:build !linux || race

package ops

const canMap = false

func mapArena(n int) (*Arena, error) { return &Arena{floats: Alloc(n)}, nil }

func unmap([]byte) error { return nil }

// HugeBytes is how much of the arena is in huge pages now, in bytes, as far as that is
// known here.
func (a *Arena) HugeBytes() (int, error) { return 0, nil }
