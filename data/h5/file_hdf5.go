package main

import (
	"os"
	"slices"
	"strings"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

func inspectHDF5(path string) (*file, error) {
	f, err := hdf5.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	out := &file{path: path, format: "HDF5", bytes: info.Size()}
	if out.attrs, err = hdf5Attrs(f); err != nil {
		return nil, err
	}
	for _, d := range f.Datasets() {
		s := hdf5Set(d)
		if s.err == nil {
			d, err := f.Dataset(d.Name)
			if err != nil {
				return nil, err
			}
			if s.attrs, err = hdf5Attrs(d); err != nil {
				return nil, err
			}
		}
		out.sets = append(out.sets, s)
	}
	return out, nil
}

// withAttrs is a file or a data set.
type withAttrs interface {
	AttrNames() ([]string, error)
	Attr(name string) (any, error)
}

// ownAttr is the mark of Cascade's writer on a file that is whole.
const ownAttr = "complete"

// hdf5Attrs reads attributes. One that is an array, or of another type, is listed
// with the reason why it cannot be read.
func hdf5Attrs(of withAttrs) ([]attr, error) {
	names, err := of.AttrNames()
	if err != nil {
		return nil, err
	}
	var out []attr
	for _, name := range names {
		value, err := of.Attr(name)
		if _, isFile := of.(*hdf5.File); !isFile || name != ownAttr {
			out = append(out, attr{name: name, value: value, err: err})
		}
	}
	return out, nil
}

func hdf5Set(d hdf5.Info) set {
	s := set{name: d.Name, typeName: d.Type, kind: d.Kind, shape: d.Shape, stored: d.Stored, err: d.Err}
	if d.Err != nil || len(d.Chunk) == 0 {
		return s
	}
	s.blocks = blocks{rows: d.Chunk[0], across: 1, filters: d.Filters}
	row := int64(1)
	for i, n := range d.Chunk[1:] {
		row *= int64(n)
		s.blocks.across *= (d.Shape[i+1]-1)/n + 1
	}
	if whole := s.rowBytes(); whole > 0 {
		elements := int64(1)
		for _, n := range d.Shape[1:] {
			elements *= int64(n)
		}
		s.blocks.bytes = row * int64(d.Chunk[0]) * (whole / elements)
	}
	s.checked = checkedBy(d)
	return s
}

// checkedBy says how a changed byte of a chunk is noticed. Rows of variable length
// are outside of the chunks.
func checkedBy(d hdf5.Info) string {
	fixed := strings.HasPrefix(d.Type, "string of ")
	switch {
	case d.Kind == source.Bytes && !fixed:
	case slices.Contains(d.Filters, "fletcher32"):
		return "Fletcher32"
	case slices.Contains(d.Filters, "gzip"):
		return "the Adler-32 of gzip"
	}
	return ""
}
