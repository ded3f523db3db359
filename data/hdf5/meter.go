package hdf5

import (
	"sync/atomic"
	"time"

	"github.com/cascade-hpc/cascade/data/source"
)

// meter counts what reading has cost, for all goroutines together.
type meter struct {
	stored, decoded, read, decode atomic.Int64
}

func (m *meter) addRead(bytes int, since time.Time) {
	m.stored.Add(int64(bytes))
	m.read.Add(int64(time.Since(since)))
}

func (m *meter) addDecode(since time.Time) { m.decode.Add(int64(time.Since(since))) }

func (m *meter) counts() source.Counts {
	return source.Counts{
		StoredBytes: m.stored.Load(), DecodedBytes: m.decoded.Load(),
		ReadNanos: m.read.Load(), DecodeNanos: m.decode.Load(),
	}
}
