package mpi

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"
)

var (
	// ErrArgument: a call has an argument that cannot be.
	ErrArgument = errors.New("wrong argument")
	// ErrFinalized: MPI has ended. It does not start a second time in a process.
	ErrFinalized = errors.New("MPI has been finalized")
	// ErrThreads: the library does not promise enough to a program with threads.
	ErrThreads = errors.New("too little support of threads")
	// ErrSelfCheck: the library answers questions of known answer wrongly.
	ErrSelfCheck = errors.New("MPI fails its check")
)

// Error is an error that MPI reports.
type Error struct {
	Call  string // such as "MPI_Bcast"
	Code  int    // as returned
	Class int    // of MPI's error classes, by the numbers of the library's own mpi.h
	Text  string // MPI's own words
}

// Error returns call, text, and numbers.
func (e *Error) Error() string {
	return fmt.Sprintf("mpi: %s: %s (class %d, code %d)", e.Call, e.Text, e.Class, e.Code)
}

// maxText is more than MPI_MAX_ERROR_STRING and MPI_MAX_LIBRARY_VERSION_STRING,
// which is 8192, of any library.
const maxText = 1 << 14

// failure asks the library what a code means.
func (l *Library) failure(f function, code int32) *Error {
	e := &Error{Call: f.String(), Code: int(code), Text: "unknown error"}
	var class, n int32
	if call(l.addresses[errorClass], uintptr(code), uintptr(unsafe.Pointer(&class))) == 0 {
		e.Class = int(class)
	}
	text := make([]byte, maxText)
	if call(l.addresses[errorString], uintptr(code), uintptr(unsafe.Pointer(&text[0])), uintptr(unsafe.Pointer(&n))) == 0 {
		e.Text = strings.TrimSpace(string(text[:min(max(n, 0), maxText)]))
	}
	return e
}

// wrong makes an error of an argument.
func wrong(f function, format string, args ...any) error {
	return fmt.Errorf("mpi: %s: %w: %s", f, ErrArgument, fmt.Sprintf(format, args...))
}
