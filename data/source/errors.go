package source

import "errors"

// The reasons for which data are refused, for use with errors.Is. The message of
// an error names the file, the data set, what was found and what was expected.
var (
	// ErrFormat: the file is not of the format that it is opened as.
	ErrFormat = errors.New("wrong format")
	// ErrCorrupt: the file is truncated or damaged, a checksum failed, or its
	// writer never finished it.
	ErrCorrupt = errors.New("damaged file")
	// ErrMissing: there is no file, data set, field or attribute of that name.
	ErrMissing = errors.New("missing")
	// ErrType: the elements are not numbers, or not of a type that was asked for.
	ErrType = errors.New("unsupported element type")
	// ErrShape: a shape has no rows, or does not agree with another.
	ErrShape = errors.New("wrong shape")
	// ErrRange: rows, steps or lengths lie outside what there is.
	ErrRange = errors.New("out of range")
	// ErrRefused: the file asks for what is not done for any file: to read
	// another file (external storage, links, virtual data sets), to use an
	// unknown filter, or to believe an absurd size.
	ErrRefused = errors.New("refused")
	// ErrNotFinite: a row holds NaN or an infinity.
	ErrNotFinite = errors.New("not a finite number")
)
