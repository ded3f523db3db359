// Package data brings training data from files to batches: fast enough that no
// step waits, in an order that can be had again, and without ever handing on a
// wrong number.
//
// A [Pipeline] says what is wanted and opens nothing:
//
//	train := data.Open("showers/*.h5").
//		Fields("ECAL").                  // as float32, whatever is stored
//		Split(data.Part(0, 0.9)).
//		Shuffle(seed, 0).                // within 256 MiB
//		Map(augment.Flip{…}, 0).
//		Batch(64, data.Drop)
//
// Its [Loader] opens the files, reads, decodes and transforms ahead of their use
// with several workers, and delivers each [Batch] in memory that a program takes
// as its input without a copy:
//
//	loader, err := train.Loader()
//	for batch, err := range loader.Epoch(ctx) {
//		… batch.Float32("ECAL") …
//	}
//
// # The order
//
// Which row is where in an epoch is a pure function of the seed, the epoch and
// the position. It knows nothing of batches, ranks or workers, so
//
//   - the same seed gives the same batches to the bit, with one worker or many;
//   - a [Position], two integers, is all that a checkpoint saves: Loader.Seek goes
//     on from there, with another size of batches or number of ranks if need be,
//     and what is left of the epoch comes once;
//   - every rank makes the same number of steps, and together they see what one
//     would.
//
// Random reads in compressed files decode a whole chunk for each row. A shuffle
// therefore moves whole extents of the source, chunks mostly, and then mixes the
// rows of as many as fit into half its budget: each is read once in an epoch and,
// where the number of ranks is a power of two, mostly by one of them. A data set that fits into that half is shuffled as a whole, and read
// once for all epochs.
//
// # Bad data
//
// A row that is damaged, or holds NaN or infinities, is an error at its step that
// names the file, the data set and the row, unless Pipeline.Skip allows for some;
// then its slot holds a copy of another row and has Mask 0.
//
// # Speed
//
// [Stats] says how fast files are read and decoded, and the share of the time in
// which a step waited for its batch. [Statistics] finds what a normalisation
// needs.
//
// Where data come from is in package source and those that implement it: hdf5,
// shard, idx, cifar, tfrecord. Package augment has transforms.
package data
