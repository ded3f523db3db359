// Package source says what training data look like to the pipeline of package
// data: rows of named fields, read a run at a time.
//
// A [Source] is a table. A [Field] is one of its columns: a name, the shape of
// one row and the type of its elements, as they are stored. [Columns] is the
// memory that a source reads rows into, still in the stored type, so that a
// shuffle buffer of bytes stays a quarter the size of one of float32; [Float32s]
// and its like convert when a row becomes part of a batch.
//
// Readers of files implement Source: data/hdf5, data/shard, data/idx and the
// others beside them. Whoever has another format implements it too and begins a
// pipeline with data.From.
//
// The Err variables are the reasons for which data are refused, in every package
// of data.
package source
