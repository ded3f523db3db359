// Package shard reads and writes shards: Cascade's own files of training data,
// which need no C library and are read at the speed of the file system.
//
// [Create] begins a shard and [Writer] fills it, a few rows at a time, without
// knowing how many there will be. [Open] makes the rows of several shards one
// source for a pipeline of package data, and [OpenFile] tells what one of them
// holds. Every byte that matters is covered by a checksum, which every read
// compares.
//
// # The format, version 1
//
// All numbers are little-endian, all checksums are CRC-32C (Castagnoli, RFC 3720
// appendix B.4). A shard is
//
//	offset  bytes
//	0       8      89 43 53 48 0d 0a 1a 0a: "\x89CSH\r\n\x1a\n"
//	8       4      version: 1
//	12      4      checksum of the bytes 0 … 11
//	16             the blocks
//	D       L      the description: JSON, below
//	D+L     T      the table: a record for each block, below
//	D+L+T   48     the end
//
// A block is a run of rows. For each field, in the order of the description, it
// has a section; a section begins at the next multiple of 64, the bytes before it
// are zero. D is the next multiple of 64 behind the last section. A section holds
// its rows one after the other: the elements as they are, or for a field of bytes
//
//	8 for each row   where the row ends, counted from the end of these numbers
//	                 the rows' bytes, without gaps
//
// A section may be a frame of Zstandard (RFC 8878) that holds this.
//
// The description is an object like
//
//	{"fields": [{"name": "ECAL", "kind": "float32", "shape": [25, 25, 25],
//	             "attributes": {"unit": {"type": "string", "value": "GeV"}}}],
//	 "rows": 2000,
//	 "attributes": {"seed": {"type": "int64", "value": "42"}}}
//
// where kind is a name that source.Kind has, and an attribute is a string, an
// int64 or a float64, whose value is written in decimal.
//
// The record of a block is
//
//	8   number of rows, at least 1
//	then for each field
//	8   bytes of its section in the file
//	8   bytes of it when decoded
//	4   checksum of the section as it is in the file
//	4   how it is stored: 0 as it is, 1 Zstandard
//
// and the end is
//
//	8   D
//	8   L
//	8   number of blocks
//	4   checksum of the description
//	4   checksum of the table
//	4   checksum of the 32 bytes above
//	4   zero
//	8   89 45 4e 44 0d 0a 1a 0a: "\x89END\r\n\x1a\n"
//
// Sections follow each other without choice, so where they are need not be
// stored, and a file that is longer or shorter than its table says is refused. A
// shard whose writer was stopped has no end.
package shard
