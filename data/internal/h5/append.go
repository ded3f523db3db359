//go:build cgo && !nohdf5

package h5

// #include "shim.h"
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

// CreateDataset makes a data set without rows that grows along its first axis. Its
// elements are numbers, little-endian in the file, or, of class VarLen, strings of
// bytes.
func (f *File) CreateDataset(path string, t Type, s Storage) (*Dataset, error) {
	if len(s.Chunk) < 1 || len(s.Chunk) > C.CH5_RANK {
		return nil, &Error{Text: fmt.Sprintf("rank out of range: %d axes", len(s.Chunk))}
	}
	storage := C.ch5_storage{rank: C.int(len(s.Chunk)), gzip: C.int(s.Gzip), shuffle: flag(s.Shuffle), fletcher: flag(s.Fletcher32)}
	for i, n := range s.Chunk {
		storage.chunk[i] = C.hsize_t(n)
	}
	ds, element := newDataset(f, s.Chunk), elementType(t)
	err := f.call("/"+path, func(p *C.char) C.int { return C.ch5_create_dataset(f.id, p, &element, &storage, &ds.id) })
	if err != nil {
		return nil, err
	}
	ds.dims[0] = 0
	return ds, nil
}

func elementType(t Type) C.ch5_type {
	return C.ch5_type{class: C.int(t.Class), size: C.int(t.Size), sign: flag(t.Signed), exponent: C.int(t.Exponent), mantissa: C.int(t.Mantissa)}
}

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// Append adds count rows, which are in the byte order of the machine and of the
// type that the data set was created with.
func (d *Dataset) Append(t Type, rows []byte, count int) error {
	element := elementType(t)
	return d.grow(count, func() C.int {
		return C.ch5_append(d.id, &element, C.int(len(d.dims)), unsafe.SliceData(d.dims), C.hsize_t(count),
			unsafe.Pointer(unsafe.SliceData(rows)), C.hsize_t(len(rows)))
	})
}

// AppendStrings adds rows of a data set of class VarLen: row i is
// bytes[ends[i-1]:ends[i]].
func (d *Dataset) AppendStrings(bytes []byte, ends []uint64) error {
	from := uint64(0)
	for i, to := range ends {
		if to < from || to > uint64(len(bytes)) {
			return &Error{Text: fmt.Sprintf("row %d is bytes [%d, %d) of %d", i, from, to, len(bytes))}
		}
		from = to
	}
	if len(bytes) == 0 {
		bytes = []byte{0} // an address for rows that are all empty
	}
	return d.grow(len(ends), func() C.int {
		// The rows' addresses are made in C, which may keep none of Go's.
		return C.ch5_append_strings(d.id, d.dims[0], C.hsize_t(len(ends)),
			(*C.char)(unsafe.Pointer(unsafe.SliceData(bytes))), (*C.uint64_t)(unsafe.SliceData(ends)))
	})
}

// grow runs fn, which adds count rows, under the lock.
func (d *Dataset) grow(count int, fn func() C.int) error {
	mu.Lock()
	defer mu.Unlock()
	if d.file.closed {
		return os.ErrClosed
	}
	err := failure(fn())
	if err == nil {
		d.dims[0] += C.hsize_t(count)
	}
	return err
}
