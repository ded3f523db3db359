package data

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/source"
)

// open opens what the pipeline begins with. owned says whether the loader is to
// close it.
func (p Pipeline) open() (src source.Source, owned bool, err error) {
	if p.from != nil {
		return p.from, false, nil
	}
	names := make([]string, len(p.asked))
	for i, a := range p.asked {
		names[i] = a.name
	}
	src, err = OpenSource(names, p.patterns...)
	return src, err == nil, err
}

// OpenSource opens the files that patterns stand for as Open does, for those who
// want the rows themselves, or several pipelines From one source.
func OpenSource(fields []string, patterns ...string) (source.Source, error) {
	paths, err := glob(patterns)
	if err != nil {
		return nil, err
	}
	src, err := hdf5.OpenSource(paths, fields...)
	if err != nil {
		return nil, err
	}
	return src, nil
}

// glob lists the files of all patterns, each once, in alphabetical order.
func glob(patterns []string) ([]string, error) {
	var paths []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return nil, fmt.Errorf("data: Open: %q: %w", pattern, err)
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("data: Open: %w: no file matches %q", source.ErrMissing, pattern)
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}
