package hdf5

import "github.com/cascade-hpc/cascade/data/internal/h5"

// ErrUnavailable is what every function returns, wrapped, in a program that was
// built without libhdf5.
var ErrUnavailable = h5.ErrUnavailable
