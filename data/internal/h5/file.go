//go:build cgo && !nohdf5

package h5

// #include "shim.h"
// #include <stdlib.h>
import "C"

import (
	"fmt"
	"os"
	"strings"
	"unsafe"
)

// File is an open file. Its methods may be called by several goroutines.
type File struct {
	path   string
	id     C.hid_t
	closed bool
}

// Open opens path for reading. A lock, where the file system has them, keeps a
// file out that a program is writing.
func Open(path string) (*File, error) {
	f := &File{path: path}
	err := f.open(path, true)
	// Lustre, NFS and others answer a lock with codes that libhdf5 does not
	// forgive. Only "try again" (11 on Linux, 35 on macOS) means a writer.
	if err != nil && strings.Contains(err.Error(), "unable to lock file") &&
		!strings.Contains(err.Error(), "errno = 11,") && !strings.Contains(err.Error(), "errno = 35,") {
		err = f.open(path, false)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (f *File) open(path string, lock bool) error {
	if err := checkName(path); err != nil {
		return err
	}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	mu.Lock()
	defer mu.Unlock()
	var l C.int
	if lock {
		l = 1
	}
	return failure(C.ch5_open(name, l, &f.id))
}

// Create makes an empty file at path, in the format of HDF5 1.10.
func Create(path string) (*File, error) {
	if err := checkName(path); err != nil {
		return nil, err
	}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	mu.Lock()
	defer mu.Unlock()
	f := new(File)
	if err := failure(C.ch5_create(name, &f.id)); err != nil {
		return nil, err
	}
	return f, nil
}

// Close writes what is buffered and closes the file and all its data sets. A
// second call returns nil.
func (f *File) Close() error {
	mu.Lock()
	defer mu.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	return failure(C.ch5_close(f.id))
}

// checkName keeps a name whole: C ends it at its first zero byte.
func checkName(name string) error {
	if strings.ContainsRune(name, 0) {
		return &Error{Text: fmt.Sprintf("the name %q holds a zero byte", name)}
	}
	return nil
}

// call runs fn with name as a C string, under the lock, on an open file.
func (f *File) call(name string, fn func(*C.char) C.int) error {
	if err := checkName(name); err != nil {
		return err
	}
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	mu.Lock()
	defer mu.Unlock()
	if f.closed {
		return os.ErrClosed
	}
	return failure(fn(c))
}

// Limits of a walk; see ErrTooManyObjects.
const (
	maxDepth   = 16
	maxObjects = 10_000
)

// Objects lists the names in the file in alphabetical order, group by group. It
// follows hard links only.
func (f *File) Objects() ([]Object, error) {
	return f.walk("", nil, 0)
}

func (f *File) walk(group string, list []Object, depth int) ([]Object, error) {
	var n C.hsize_t
	err := f.call("/"+group, func(g *C.char) C.int { return C.ch5_group_size(f.id, g, &n) })
	if err != nil {
		return nil, err
	}
	for i := C.hsize_t(0); i < n; i++ {
		if len(list) == maxObjects || depth == maxDepth {
			return nil, ErrTooManyObjects
		}
		obj, isGroup, err := f.member(group, i)
		if err != nil {
			return nil, err
		}
		list = append(list, obj)
		if isGroup {
			if list, err = f.walk(obj.Path, list, depth+1); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

func (f *File) member(group string, i C.hsize_t) (obj Object, isGroup bool, err error) {
	var o C.ch5_object
	err = f.call("/"+group, func(g *C.char) C.int { return C.ch5_link(f.id, g, i, &o) })
	if err != nil {
		return Object{}, false, err
	}
	obj = Object{
		Path: C.GoString(&o.name[0]), Link: Link(o.link), Dataset: o.kind == C.H5I_DATASET,
		Address: uint64(o.address), Links: int(o.links),
	}
	if group != "" {
		obj.Path = group + "/" + obj.Path
	}
	return obj, o.kind == C.H5I_GROUP, nil
}

// FilterAvailable says whether this libhdf5 has the filter, built in or as a
// plugin in HDF5_PLUGIN_PATH.
func FilterAvailable(id int) bool {
	mu.Lock()
	defer mu.Unlock()
	return C.ch5_filter_available(C.int(id)) != 0
}
