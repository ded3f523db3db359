// Package tfrecord reads TFRecord files of tf.train.Example messages, what users of
// TensorFlow have.
//
//	src, err := tfrecord.Open([]string{"train-*.tfrecord"},
//		source.Field{Name: "image", Shape: []int{28, 28, 1}, Kind: source.Uint8},
//		source.Field{Name: "label", Kind: source.Int64})
//	loader, err := data.From(src).Raw("image").Ints("label")…
//
// # Features and fields
//
// A field is a feature of that name, in every record with as many values as the
// field's shape has elements:
//
//	a list of floats     Float32
//	a list of int64s     Int64
//	a list of one string Bytes, or elements of any other kind in the string's memory,
//	                     little-endian: what tf.io.decode_raw reads
//
// Without fields they are those of the first record: float and int64 lists with one
// axis, or none if there is one value, and Bytes. A record that differs is an error
// that names it.
//
// # Format
//
// A file is records without a header, each
//
//	uint64  length of the data
//	uint32  masked CRC-32C of the length
//	bytes   data
//	uint32  masked CRC-32C of the data
//
// in little-endian order, where masking c gives ((c>>15 | c<<17) + 0xa282ead8) modulo
// 2³². Source: tensorflow/core/lib/io/record_writer.h; the messages are those of
// tensorflow/core/example/example.proto and feature.proto, in the wire format of
// protobuf.dev/programming-guides/encoding.
//
// Opening a file reads the lengths of all records, and checks them; reading a record
// checks its data. A file that was cut off between two records cannot be told from a
// whole one. Files that are gzip'ed as a whole are unpacked into memory; those
// of TensorFlow's option ZLIB are refused.
package tfrecord
