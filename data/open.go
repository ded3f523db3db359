package data

import (
	"fmt"

	"github.com/cascade-hpc/cascade/data/hdf5"
	"github.com/cascade-hpc/cascade/data/shard"
	"github.com/cascade-hpc/cascade/data/source"
)

// OpenSource opens the files that patterns stand for as Open does, for those who
// want the rows themselves, or several pipelines From one source.
func OpenSource(fields []string, patterns ...string) (source.Source, error) {
	return openFiles(fields, patterns, false)
}

func openFiles(fields, patterns []string, strict bool) (source.Source, error) {
	paths, err := source.Glob(patterns...)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	shards, err := areShards(paths)
	if err != nil {
		return nil, err
	}
	if shards {
		return opened(shard.Open(paths, fields...))
	}
	if strict {
		if err := hdf5.Verify(paths...); err != nil {
			return nil, err
		}
	}
	return opened(hdf5.OpenSource(paths, fields...))
}

// opened keeps a nil pointer from becoming a Source that is not nil.
func opened[S source.Source](src S, err error) (source.Source, error) {
	if err != nil {
		return nil, err
	}
	return src, nil
}

// areShards says whether the files are shards. What is neither shard nor HDF5 is
// for the HDF5 reader to refuse: it names what people hand over by mistake.
func areShards(paths []string) (bool, error) {
	first := false
	for i, path := range paths {
		is, err := shard.Is(path)
		if err != nil {
			return false, err
		}
		if i > 0 && is != first {
			return false, fmt.Errorf("data: %w: of %s and %s only one is a shard; name files of one format", source.ErrFormat, paths[0], path)
		}
		first = is
	}
	return first, nil
}

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
	src, err = openFiles(names, p.patterns, p.strict)
	return src, err == nil, err
}
