// Package h5 is the little of libhdf5 that Cascade needs, made safe to call.
//
// Every call is one C function of shim*.c that does its whole work, checks
// every bound before libhdf5 touches memory, and gathers libhdf5's own error
// text on the thread it ran on, so that nothing is printed to stderr. One lock
// serialises all calls: most HPC builds of libhdf5 are not thread-safe.
//
// The package holds mechanism only. What a file may contain (links, filters,
// sizes) is decided in package data, by looking at a [Description] before
// anything is read.
//
// gonum.org/v1/hdf5 is imported for its knowledge of where each platform keeps
// the library and for its start-up; its own reads look at neither the length
// nor the type of the destination, and it has no access to file properties,
// filters or error text, so its calls are not used.
//
// Without cgo, or with the build tag nohdf5, [Available] is false and every
// call returns [ErrUnavailable].
package h5
