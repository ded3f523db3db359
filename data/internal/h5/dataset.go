//go:build cgo && !nohdf5

package h5

// #include "shim.h"
// #include <stdlib.h>
import "C"

import (
	"os"
	"unsafe"
)

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

func newDataset(f *File, dims []uint64) *Dataset { return &Dataset{file: f, dims: sizes(dims)} }

func sizes(dims []uint64) []C.hsize_t {
	var out []C.hsize_t
	for _, d := range dims {
		out = append(out, C.hsize_t(d))
	}
	return out
}

// Read fills dst with count rows from first on, as numbers of a type in the byte
// order of the machine: of an enumeration its own. It does not allocate.
func (d *Dataset) Read(dst []byte, first, count int, as Type) error {
	element := elementType(as)
	mu.Lock()
	defer mu.Unlock()
	if d.file.closed {
		return os.ErrClosed
	}
	return failure(C.ch5_read(d.id, C.int(len(d.dims)), unsafe.SliceData(d.dims), C.hsize_t(first), C.hsize_t(count),
		&element, unsafe.Pointer(unsafe.SliceData(dst)), C.hsize_t(len(dst))))
}

// ReadRows calls row for each of count rows from first on, in order. The rows
// are strings, or sequences of uint8, one in a row; what row is given holds until
// it returns.
func (d *Dataset) ReadRows(first, count int, row func([]byte)) error {
	var rows C.ch5_rows
	defer func() {
		C.free(unsafe.Pointer(rows.data))
		C.free(unsafe.Pointer(rows.end))
	}()
	if err := d.readRows(&rows, first, count); err != nil {
		return err
	}
	from := uintptr(0)
	for _, end := range unsafe.Slice((*uintptr)(unsafe.Pointer(rows.end)), count) {
		row(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(rows.data), from)), end-from))
		from = end
	}
	return nil
}

func (d *Dataset) readRows(rows *C.ch5_rows, first, count int) error {
	mu.Lock()
	defer mu.Unlock()
	if d.file.closed {
		return os.ErrClosed
	}
	return failure(C.ch5_read_rows(d.id, C.int(len(d.dims)), unsafe.SliceData(d.dims), C.hsize_t(first), C.hsize_t(count), rows))
}
