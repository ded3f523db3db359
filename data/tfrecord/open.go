package tfrecord

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/cascade-hpc/cascade/data/internal/rawfile"
	"github.com/cascade-hpc/cascade/data/source"
)

const (
	// mostInflated bounds what a gzip'ed file may become in memory.
	mostInflated = 4 << 30
	// atOnce is the number of files that are indexed at the same time, to hide the
	// latency of network file systems.
	atOnce = 16
)

// Open opens files, given by names and patterns (source.Glob), in alphabetical order,
// as one source whose parts they are; files without records are left out. Fields
// are those of the first record if there are none. It reads the lengths of all
// records, some bytes of each. Errors: those of os.Open, source.ErrMissing,
// source.ErrFormat, source.ErrCorrupt, source.ErrRefused, source.ErrShape,
// source.ErrType.
func Open(patterns []string, fields ...source.Field) (source.Source, error) {
	src, err := open(patterns, fields)
	if err != nil {
		return nil, fmt.Errorf("tfrecord: %w", err)
	}
	return src, nil
}

func open(patterns []string, fields []source.Field) (source.Source, error) {
	if len(fields) > 0 {
		if err := source.CheckFields(fields); err != nil {
			return nil, err
		}
	}
	paths, err := source.Glob(patterns...)
	if err != nil {
		return nil, err
	}
	files, err := indexAll(paths)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%w: no records in %d files, of which %s is the first", source.ErrShape, len(paths), paths[0])
	}
	if err == nil && len(fields) == 0 {
		fields, err = files[0].infer()
	}
	if err != nil {
		return nil, errors.Join(err, closeAll(files))
	}
	sources := make([]source.Source, len(files))
	for i, f := range files {
		f.fields = slices.Clone(fields)
		sources[i] = f
	}
	return source.Concat(sources...)
}

// indexAll opens files and leaves out those without records.
func indexAll(paths []string) ([]*file, error) {
	files, errs := make([]*file, len(paths)), make([]error, len(paths))
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i, path := range paths {
		slots <- struct{}{}
		wg.Go(func() {
			files[i], errs[i] = openFile(path)
			<-slots
		})
	}
	wg.Wait()
	files = slices.DeleteFunc(files, func(f *file) bool { return f == nil || f.Rows() == 0 && closed(f) })
	return files, errors.Join(errs...)
}

func closed(f *file) bool { return f.Close() == nil }

func closeAll(files []*file) error {
	var errs []error
	for _, f := range files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

func openFile(path string) (*file, error) {
	raw, err := rawfile.Open(path)
	if err != nil {
		return nil, err
	}
	f, err := newFile(raw)
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return f, nil
}

// newFile indexes a file. A length that begins like a gzip'ed file would be
// that of a record of 560 kB at least, and then its checksum tells.
func newFile(raw *rawfile.File) (*file, error) {
	offsets, err := index(raw)
	if errors.Is(err, source.ErrFormat) || errors.Is(err, source.ErrCorrupt) {
		if zipped, _ := raw.Gzipped(); zipped {
			if err = raw.Inflate(mostInflated); err == nil {
				offsets, err = index(raw)
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return &file{raw: raw, offsets: offsets}, nil
}
