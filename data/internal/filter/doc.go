// Package filter decodes the chunks of HDF5 files in Go: what libhdf5 does
// inside its lock, one chunk at a time, goes on here in as many goroutines as
// there are cores.
//
// A [Pipeline] is the list of filters of one data set. It is made once, by [New],
// and used by any number of goroutines:
//
//	p, err := filter.New(steps, chunkBytes, elementBytes)
//	if errors.Is(err, filter.ErrUnsupported) {
//		// let libhdf5 read the data set
//	}
//	err = p.Decode(chunk, stored, mask)
//
// Each filter is a file: deflate.go (gzip), shuffle.go, fletcher32.go, zstd.go,
// lz4.go, lzf.go and bitshuffle.go. A decoder never writes past the size that
// the data set declares, whatever the stored bytes say, and everything that is
// wrong with them is an error.
//
// The numbers of the filters are those of
// https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md;
// the formats are those of the HDF5 file format specification, version 3.0, and
// of the plugins' own descriptions, named where they are decoded.
package filter
