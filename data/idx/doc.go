// Package idx reads the IDX files of MNIST and its successors, Fashion-MNIST,
// EMNIST and KMNIST, plain or gzip'ed, as they are published.
//
//	src, err := idx.Images("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
//	loader, err := data.From(src).Fields("image").Ints("label")…
//
// [Images] takes a pair of files and [Open] any number of them, of which each is a
// field of the rows. [source.Concat] puts several pairs behind one another.
//
// # Format
//
// All numbers are big-endian. A file is two zero bytes, the type of its elements
// (8: uint8, 9: int8, 11: int16, 12: int32, 13: float32, 14: float64), the number of
// axes, the length of each axis (uint32), and the elements in row-major order. The
// first axis counts the rows. Source: the page of MNIST, yann.lecun.com/exdb/mnist.
//
// The format has no checksum. What can be checked is: a file must have exactly the
// size that its header declares, and gzip has a CRC-32 of its own.
package idx
