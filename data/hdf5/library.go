package hdf5

import (
	"time"

	"github.com/cascade-hpc/cascade/data/internal/h5"
	"github.com/cascade-hpc/cascade/data/source"
)

// library leaves a data set to libhdf5, which reads one thing at a time.
type library struct {
	h          *handle
	name       string
	dims       []uint64
	as         h5.Type // in memory
	slots      int     // of libhdf5's cache of chunks
	cacheBytes int
	perRow     float64 // bytes stored for a row, on average
}

func newLibrary(h *handle, info Info) *library {
	l := &library{h: h, name: info.Name, as: elementType(info.Kind), perRow: float64(info.Stored) / float64(info.Shape[0])}
	for _, n := range info.Shape {
		l.dims = append(l.dims, uint64(n))
	}
	l.slots, l.cacheBytes = libraryCache(info)
	return l
}

// libraryCache chooses libhdf5's cache of decoded chunks. Chunks without filters
// are read in place, faster than through a cache. Filtered ones are decoded
// whole: all the chunks that a row crosses must fit, or neighbouring rows decode
// them again. 64 MiB bounds what that may cost, though one chunk always fits.
func libraryCache(info Info) (slots, bytes int) {
	const most = 64 << 20
	if len(info.Filters) == 0 {
		return 0, 0
	}
	chunk, across := 8, 1 // elements of at most 8 bytes
	for i, n := range info.Chunk {
		chunk *= n
		if i > 0 {
			across *= (info.Shape[i] + n - 1) / n
		}
	}
	bytes = max(chunk, min(2*across, most/chunk)*chunk)
	return max(521, 16*(bytes/chunk)+1), bytes
}

func (l *library) read(dst []byte, rows source.Range) error {
	d, err := l.open()
	if err != nil {
		return err
	}
	defer l.count(rows, time.Now())
	return d.Read(dst, rows.From, rows.Len(), l.as)
}

// readRows calls row for each of the rows, which are strings of bytes.
func (l *library) readRows(rows source.Range, row func([]byte)) error {
	d, err := l.open()
	if err != nil {
		return err
	}
	defer l.count(rows, time.Now())
	return d.ReadRows(rows.From, rows.Len(), row)
}

func (l *library) open() (*h5.Dataset, error) {
	return l.h.dataset(l.name, l.dims, l.slots, l.cacheBytes)
}

// count books the time as spent on reading: libhdf5 does not tell it from
// decoding.
func (l *library) count(rows source.Range, since time.Time) {
	l.h.meter.addRead(int(l.perRow*float64(rows.Len())), since)
}
