package mpi

import (
	"fmt"
	"strings"
	"unsafe"
)

// Version says what a library is. Its String is a line for the log.
type Version struct {
	Library      string // its name for itself, such as "Open MPI v4.1.4"
	File         string
	ABI          ABI
	Major, Minor int         // of the MPI standard
	Threads      ThreadLevel // promised by Init
}

// String is such as "Open MPI v4.1.4 (MPI 3.1, Open MPI ABI, MPI_THREAD_FUNNELED, /usr/lib/libmpi.so.40)".
func (v Version) String() string {
	return fmt.Sprintf("%s (MPI %d.%d, %s, %s, %s)", v.Library, v.Major, v.Minor, v.ABI, v.Threads, v.File)
}

// Version says what the library is.
func (l *Library) Version() Version {
	v := l.version
	v.File, v.ABI = l.name, l.abi
	return v
}

// readVersion asks the library for its version, which MPI answers before Init too.
func (l *Library) readVersion() error {
	var major, minor, n int32
	if err := l.do(getVersion, at(unsafe.Pointer(&major)), at(unsafe.Pointer(&minor))); err != nil {
		return err
	}
	text := make([]byte, maxText)
	if err := l.do(getLibraryVersion, at(unsafe.Pointer(&text[0])), at(unsafe.Pointer(&n))); err != nil {
		return err
	}
	l.version = Version{Library: title(string(text[:min(max(n, 0), maxText)])), Major: int(major), Minor: int(minor)}
	return nil
}

// title is what identifies a library in the text of MPI_Get_library_version: the
// first line without the tabs, and without what follows the version in Open MPI's.
func title(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(strings.TrimRight(text, "\x00")), "\n")
	line, _, _ = strings.Cut(line, ", package:")
	return strings.Join(strings.Fields(line), " ")
}
