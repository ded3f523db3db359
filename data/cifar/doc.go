// Package cifar reads CIFAR-10 and CIFAR-100 in their binary version, the .bin files
// of cifar-10-binary.tar.gz and cifar-100-binary.tar.gz.
//
//	train, err := cifar.Open10("cifar-10-batches-bin/data_batch_*.bin")
//	loader, err := data.From(train).Raw("image").Ints("label")…
//
// A row has the fields
//
//	image         uint8 (3, 32, 32)  red, green and blue
//	label         uint8              0 to 9, or 0 to 99
//	coarse_label  uint8              0 to 19, of CIFAR-100 alone
//
// # Format
//
// A file is records without a header: the label (CIFAR-100: the coarse label, then
// the fine one), a byte each, and the pixels, 1024 bytes of red, of green and of
// blue, row by row. Source: A. Krizhevsky, www.cs.toronto.edu/~kriz/cifar.html.
//
// There is no checksum. A file must be a whole number of records, and a label that
// there cannot be is an error of its row, which finds a file of the other kind.
package cifar
