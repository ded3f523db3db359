//go:build !((linux || darwin) && (amd64 || arm64))

package mpi

import (
	"errors"
	"fmt"
	"runtime"
)

// On other systems no library opens, so that nothing else here is ever reached.
var errSystem = fmt.Errorf("%s/%s: libraries cannot be opened here: %w", runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)

func load(string) (uintptr, error)            { return 0, errSystem }
func unload(uintptr) error                    { return errSystem }
func symbol(uintptr, string) (uintptr, error) { return 0, errSystem }
func libc(string) (uintptr, error)            { return 0, errSystem }
func call(uintptr, ...uintptr) int32          { return -1 }
func fileOf(uintptr) string                   { return "" }
