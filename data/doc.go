// Package data brings training data from files to batches without ever handing
// on a wrong number.
//
// A [Source] gives the rows of named fields: HDF5 files, one after the other
// ([OpenHDF5Source]), or slices ([Memory]). [Batches] deals its rows out in
// batches, in an order that depends only on a seed, the epoch and the step, so
// that a run resumes in the middle of an epoch by asking for the next step:
//
//	src, err := data.OpenHDF5Source(files, "ECAL", "target")
//	train, test, err := data.HoldOut(src.Rows(), 0.1)
//	batches, err := data.NewBatches(src, data.Plan{Batch: 64, Rows: train, Shuffle: true, Seed: 1})
//	dst := map[string][]float32{"ECAL": make([]float32, 64*25*25*25), "target": make([]float32, 64*2)}
//	for step := range batches.Steps() {
//		n, err := batches.Read(epoch, step, dst) // n rows of each field
//	}
//
// [File] and [Dataset] read a single HDF5 file: any integer or floating-point
// type, in either byte order, becomes float32, with every shape, length and
// range checked before libhdf5 sees it. [Writer] writes files that appear whole
// or not at all, with a checksum on every chunk.
//
// # What is refused
//
// Data sets that would read another file (external storage, virtual data sets,
// soft and external links), unknown filters and declared sizes beyond reason
// are listed with the reason and cannot be opened. NaN and infinities are an
// error unless Plan.AllowNotFinite is set. Every error names the file and the
// data set, and matches one of the Err variables with errors.Is.
//
// # Integrity
//
// HDF5 does not check data by itself: in a file without checksums a flipped bit
// is read as a number. The files of Writer carry them, for data and metadata.
//
// # Building without HDF5
//
// HDF5 needs cgo and libhdf5 (Debian: apt-get install libhdf5-dev gcc). Without
// cgo, or with the build tag nohdf5, everything else works and the HDF5
// functions return ErrNoHDF5.
package data
