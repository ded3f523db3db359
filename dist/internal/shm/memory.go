package shm

import "errors"

// ErrUnsupported: the system has no such memory, or none that is implemented here.
var ErrUnsupported = errors.New("shm: no shared memory on this system")

// Memory is shared by those who opened it by the same name.
type Memory struct{ bytes []byte }

// Bytes is the memory, which begins at a page.
func (m *Memory) Bytes() []byte { return m.bytes }
