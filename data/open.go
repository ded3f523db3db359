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
	paths, err := glob(p.patterns)
	if err != nil {
		return nil, false, err
	}
	names := make([]string, len(p.asked))
	for i, a := range p.asked {
		names[i] = a.name
	}
	opened, err := hdf5.OpenSource(paths, names...)
	if err != nil {
		return nil, false, err
	}
	return opened, true, nil
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
