package data

import "errors"

// ErrSkipped: more rows were refused than Pipeline.Skip allows. The other reasons
// for errors are those of package source.
var ErrSkipped = errors.New("too many rows skipped")
