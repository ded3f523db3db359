// Package hdf5 reads and writes HDF5 files without ever handing on a wrong
// number.
//
// [File] and [Dataset] read a single file: any integer or floating-point type,
// in either byte order, strings and sequences of uint8, with every shape, length
// and range checked. [OpenSource] makes the rows of several files one source for
// a pipeline of package data. [Writer] writes files that appear whole or not at
// all, with a checksum on every chunk.
//
// # How rows are read
//
// libhdf5 does one thing at a time, and decompresses inside its lock. So it is
// asked what a file holds and where each chunk lies; the bytes are then read and
// decoded here, by as many goroutines as ask. Filters that only libhdf5 knows
// (szip, nbit, scaleoffset, plugins) and numbers that no machine has are left to
// it.
//
// From the page cache of a Zen 5, in MB of float32 a second, batches of 64 showers
// of 62.5 kB (go test -run - -bench Sequential ./data/hdf5):
//
//	                              plain read   here   two goroutines   h5py 3.7
//	contiguous                         29500  32300            49900      24600
//	chunks of 64 showers               30200  31300            48100      22900
//	chunks of 64, Fletcher32                   5660             8970       3780
//	chunks of 64, gzip                          365              696       331
//	chunks of one, gzip                         349              671       419
//	chunks of 64, shuffle and gzip              209              390       201
//	chunks of 64, LZF                           725             1408       784
//
// # What is refused
//
// Data sets that would read another file (external storage, virtual data sets,
// soft and external links), unknown filters and declared sizes beyond reason
// are listed with the reason and cannot be opened. Every error names the file
// and the data set, and matches one of the Err variables of data/source with
// errors.Is.
//
// # Integrity
//
// HDF5 does not check data by itself: in a file without checksums a flipped bit
// is read as a number. The files of Writer carry them, for data and metadata.
//
// libhdf5 trusts the metadata of a file, and a damaged byte of them can crash
// it. [Strict] reads a file in a child process before it is opened in this one.
//
// # Building without HDF5
//
// HDF5 needs cgo and libhdf5 (Debian: apt-get install libhdf5-dev gcc). Without
// cgo, or with the build tag nohdf5, every function returns ErrUnavailable.
package hdf5
