package main

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
)

// file is what a file says of itself.
type file struct {
	path   string
	format string // for people
	bytes  int64
	attrs  []attr
	sets   []set
}

// attr is an attribute: a string, an int64 or a float64, or why it is none.
type attr struct {
	name  string
	value any
	err   error
}

// set is a data set of a file.
type set struct {
	name     string
	typeName string      // of the elements as stored
	kind     source.Kind // as read
	shape    []int       // rows first; empty where it is not known
	stored   int64       // bytes in the file
	blocks   blocks
	// checked says how a changed byte is noticed; empty if it is not.
	checked string
	attrs   []attr
	err     error // why it cannot be read
}

// blocks is how the rows of a data set are cut into what is read whole. The zero
// value is one piece of which any part can be read.
type blocks struct {
	rows    int      // in a block, at most
	across  int      // blocks that a row is spread over, mostly 1
	bytes   int64    // of a block when decoded; 0 where it varies
	filters []string // what makes it necessary to read a block whole
}

// rows is the length of the first axis.
func (s set) rows() int {
	if len(s.shape) == 0 {
		return 0
	}
	return s.shape[0]
}

// rowBytes is what a row takes in memory, 0 where that varies.
func (s set) rowBytes() int64 {
	if len(s.shape) == 0 {
		return 0
	}
	n := int64(s.kind.Size())
	for _, d := range s.shape[1:] {
		n *= int64(d)
	}
	return n
}

// rowCost is how many bytes of the file are read for a row alone.
func (s set) rowCost() int64 {
	rows := int64(s.rows())
	if rows == 0 {
		return 0
	}
	if s.blocks.rows == 0 || len(s.blocks.filters) == 0 {
		return s.stored / rows
	}
	return s.stored / ((rows-1)/int64(s.blocks.rows) + 1)
}

// inspect reads what a file says of itself.
func inspect(path string) (*file, error) {
	is, err := shard.Is(path)
	if err != nil {
		return nil, err
	}
	if is {
		return inspectShard(path)
	}
	return inspectHDF5(path)
}

// readable lists the data sets that can be read together. Errors: those of the
// data sets, if there is none that can be read; source.ErrShape, if they have
// different numbers of rows.
func (f *file) readable() ([]string, error) {
	var names, refused []string
	rows := -1
	for _, s := range f.sets {
		if s.err != nil {
			refused = append(refused, fmt.Sprintf("%q: %v", s.name, s.err))
			continue
		}
		if rows >= 0 && s.rows() != rows {
			return nil, fmt.Errorf("%s: %w: %q has %d rows and %q has %d; name those that belong together with --fields", f.path, source.ErrShape, names[0], rows, s.name, s.rows())
		}
		rows = s.rows()
		names = append(names, s.name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: %w: no data set can be read: %s", f.path, source.ErrMissing, strings.Join(append(refused, "there are no others"), "; "))
	}
	return names, nil
}
