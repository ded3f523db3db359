package main

import (
	"fmt"
	"strings"

	"github.com/cascade-hpc/cascade/data"
	"github.com/cascade-hpc/cascade/data/source"
	"github.com/cascade-hpc/cascade/internal/cli"
)

// input is files to copy.
type input struct {
	paths []string
	src   source.Source
	first *file    // what the first of them says of itself; nothing in other formats
	lost  []string // what cannot be copied, for people
}

// openFrom opens files of any format.
func openFrom(o openFlags, files []string) (*input, error) {
	if o.format == "" {
		return open(files, o.fields)
	}
	if o.fields != "" && o.format != "tfrecord" {
		return nil, fmt.Errorf("%w: --fields is of HDF5, shards and tfrecord; --from %s takes all", cli.ErrUsage, o.format)
	}
	origin, err := findOrigin(o.format)
	if err != nil {
		return nil, err
	}
	paths, err := source.Glob(files...)
	if err != nil {
		return nil, err
	}
	in := &input{paths: paths, first: &file{}}
	in.src, err = origin.open(o, files)
	return in, err
}

// open opens files, with the fields in a list with commas, or all.
func open(patterns []string, fields string) (*input, error) {
	paths, err := source.Glob(patterns...)
	if err != nil {
		return nil, err
	}
	first, err := inspect(paths[0])
	if err != nil {
		return nil, err
	}
	in := &input{paths: paths, first: first}
	var wanted []string
	if fields != "" {
		wanted = strings.Split(fields, ",")
	} else if wanted, err = first.readable(); err != nil {
		return nil, err
	}
	for _, s := range first.sets {
		if s.err != nil && fields == "" {
			in.lost = append(in.lost, fmt.Sprintf("%s: %v", s.name, s.err))
		}
	}
	in.src, err = data.OpenSource(wanted, paths...)
	return in, err
}
