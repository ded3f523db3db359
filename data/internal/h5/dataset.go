//go:build cgo && !nohdf5

package h5

// #include "shim.h"
// #include <stdlib.h>
import "C"

import (
	"os"
	"unsafe"
)

// Describe reads the header of a data set, and nothing of its elements.
func (f *File) Describe(path string) (Description, error) {
	var d C.ch5_desc
	err := f.call("/"+path, func(p *C.char) C.int { return C.ch5_describe(f.id, p, &d) })
	if err != nil {
		return Description{}, err
	}
	out := Description{
		Type: Type{
			Class: Class(d.class), Size: int(d.size), Signed: d.sign != 0,
			BigEndian: d.order == C.H5T_ORDER_BE,
			Mixed:     d.order == C.H5T_ORDER_VAX || d.order == C.H5T_ORDER_MIXED,
			Exponent:  int(d.exponent), Mantissa: int(d.mantissa),
		},
		Layout: Layout(d.layout), External: d.external > 0,
		Space: Space(d.space), Stored: uint64(d.stored),
	}
	for i := range int(d.rank) {
		out.Dims = append(out.Dims, uint64(d.dims[i]))
		if out.Layout == Chunked {
			out.Chunk = append(out.Chunk, uint64(d.chunk[i]))
		}
	}
	for i := range int(d.filters) {
		out.Filters = append(out.Filters, Filter{ID: int(d.filter_id[i]), Name: C.GoString(&d.filter_name[i][0])})
	}
	return out, nil
}

// Dataset is an open data set of numbers. Closing its file closes it.
type Dataset struct {
	file *File
	id   C.hid_t
	dims []C.hsize_t
}

// OpenDataset opens a data set of the shape dims with a cache for decoded
// chunks.
func (f *File) OpenDataset(path string, dims []uint64, slots, cacheBytes int) (*Dataset, error) {
	ds := newDataset(f, dims)
	err := f.call("/"+path, func(p *C.char) C.int {
		return C.ch5_open_dataset(f.id, p, C.size_t(slots), C.size_t(cacheBytes), &ds.id)
	})
	if err != nil {
		return nil, err
	}
	return ds, nil
}

func newDataset(f *File, dims []uint64) *Dataset {
	ds := &Dataset{file: f}
	for _, d := range dims {
		ds.dims = append(ds.dims, C.hsize_t(d))
	}
	return ds
}

// Read fills dst with count rows from first on, converted to float32. It does
// not allocate.
func (d *Dataset) Read(dst []float32, first, count int) error {
	mu.Lock()
	defer mu.Unlock()
	if d.file.closed {
		return os.ErrClosed
	}
	return failure(C.ch5_read(d.id, C.int(len(d.dims)), unsafe.SliceData(d.dims), C.hsize_t(first), C.hsize_t(count),
		(*C.float)(unsafe.SliceData(dst)), C.hsize_t(len(dst))))
}
