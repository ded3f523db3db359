package hdf5

import "sync"

// buffer is memory for the length of a call.
type buffer struct{ bytes []byte }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

func borrowBuffer(n int) *buffer {
	b := buffers.Get().(*buffer)
	if cap(b.bytes) < n {
		b.bytes = make([]byte, n)
	}
	b.bytes = b.bytes[:n]
	return b
}

func (b *buffer) giveBack() { buffers.Put(b) }
