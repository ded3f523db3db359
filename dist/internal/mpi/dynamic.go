//go:build (linux || darwin) && (amd64 || arm64)

package mpi

import (
	"unsafe"

	"github.com/ebitengine/purego"
)

// load opens a shared library. Its symbols become global, because the plug-ins of
// some libraries look for them there.
func load(name string) (handle uintptr, err error) {
	return purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_GLOBAL)
}

// unload closes what load has opened.
func unload(handle uintptr) error { return purego.Dlclose(handle) }

// symbol returns the address of a symbol of a library and its dependencies.
func symbol(handle uintptr, name string) (uintptr, error) { return purego.Dlsym(handle, name) }

// libc returns the address of a function that the process has anyway.
func libc(name string) (uintptr, error) { return purego.Dlsym(purego.RTLD_DEFAULT, name) }

// call calls a C function that returns an int. Arguments that are
// uintptr(unsafe.Pointer(...)) in the call itself stay where they are until it
// returns.
//
//go:uintptrescapes
func call(function uintptr, args ...uintptr) int32 {
	result, _, _ := purego.SyscallN(function, args...)
	return int32(result)
}

// fileOf returns the path of the library that has an address in it, "" if unknown.
func fileOf(address uintptr) string {
	dladdr, err := libc("dladdr")
	if err != nil {
		return ""
	}
	var info struct { // Dl_info of dlfcn.h
		file       *byte
		base       uintptr
		name       *byte
		nameOffset uintptr
	}
	if call(dladdr, address, uintptr(unsafe.Pointer(&info))) == 0 || info.file == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(info.file), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(info.file, n))
}
