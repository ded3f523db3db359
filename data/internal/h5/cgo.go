//go:build cgo && !nohdf5

package h5

// #cgo linux,amd64 CFLAGS: -I/usr/lib/x86_64-linux-gnu/hdf5/serial/include
// #cgo linux,arm64 CFLAGS: -I/usr/lib/aarch64-linux-gnu/hdf5/serial/include
// #cgo darwin CFLAGS: -I/opt/homebrew/include -I/usr/local/include
// #cgo darwin LDFLAGS: -L/opt/homebrew/lib
// #include "shim.h"
import "C"

import (
	"fmt"
	"sync"

	"gonum.org/v1/hdf5"
)

// Available says whether this program was built with libhdf5.
const Available = true

// mu serialises every call into libhdf5, and guards ch5_text.
var mu sync.Mutex

// Version is that of the library the program runs with, such as "1.10.8".
func Version() string {
	mu.Lock()
	defer mu.Unlock()
	v, err := hdf5.LibVersion()
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Release)
}

// failure turns the code of a shim function into an error. The caller holds mu.
func failure(code C.int) error {
	if code >= 0 {
		return nil
	}
	return &Error{Text: C.GoString(&C.ch5_text[0])}
}
